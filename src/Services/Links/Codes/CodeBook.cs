namespace Groundwork.Links;

/// <summary>
/// All about codes, once started: the space they lie in, where new ones come from, and which are never given away again.
/// </summary>
internal sealed class CodeBook(CodeStore store, CounterCodes counter, SnowflakeCodes snowflake, LinksOptions options)
{
    /// <summary>The name of the key of <see cref="Space"/>.</summary>
    public const string PermutationSecret = "permutation";

    private CodeSpace? _space;
    private HashCodes? _hash;

    /// <summary>The space of all codes.</summary>
    public CodeSpace Space => _space ?? throw NotStarted();

    /// <summary>Where codes come from, as the operator chose.</summary>
    public ICodeSource Source => options.Codes switch
    {
        CodeStrategy.Snowflake => snowflake,
        CodeStrategy.Hash => Hash,
        _ => counter,
    };

    /// <summary>Where codes come from that no hash can give.</summary>
    public ICodeSource Unhashed => options.Codes == CodeStrategy.Snowflake ? snowflake : counter;

    /// <summary>Where the codes of links come from that are to be made only once.</summary>
    public HashCodes Hash => _hash ?? throw NotStarted();

    /// <summary>Reads the keys, which the first copy ever started has made, and skips forward after a restore.</summary>
    /// <param name="restoredFrom">When the backup was taken on whose data this is the first start; null where it is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StartAsync(DateTimeOffset? restoredFrom, CancellationToken cancellationToken)
    {
        await counter.StartAsync(restoredFrom, cancellationToken);
        _space = new CodeSpace(await store.SecretAsync(PermutationSecret, cancellationToken));
        _hash = new HashCodes(await store.SecretAsync("hash", cancellationToken));
    }

    /// <summary>Whether a number may have been handed out by any source, so that nobody may choose its code as an alias.</summary>
    public async ValueTask<bool> MayHaveHandedOutAsync(long number, CancellationToken cancellationToken) =>
        await counter.MayHaveHandedOutAsync(number, cancellationToken) || await snowflake.MayHaveHandedOutAsync(number, cancellationToken);

    /// <summary>Where a number that was drawn without dedupe comes from.</summary>
    public LinkOrigin OriginOf(long number) => number >= CodeSpace.ShortCodes ? LinkOrigin.Snowflake : Source.Origin;

    private static InvalidOperationException NotStarted() => new("The codes are read when the module starts.");
}
