namespace Groundwork.Cache.Commands;

/// <summary>
/// What a client can ask for: its name, its shape, and who runs it.
/// </summary>
/// <param name="Name">In lower case; a subcommand's as <c>client|list</c>.</param>
/// <param name="Arity">How many arguments with the name itself; negative for at least so many.</param>
/// <param name="Flags">What it does and where it may be asked for.</param>
/// <param name="Keys">Which arguments are keys: their shards are locked while it runs.</param>
/// <param name="Run">Runs it; the locks are held, and room was made where it may need some.</param>
internal sealed record Command(string Name, int Arity, CommandFlags Flags, KeyPositions Keys, Action<Call> Run)
{
    /// <summary>Its family, as in Redis' documentation: <c>string</c>, <c>generic</c>, …</summary>
    public required string Group { get; init; }

    /// <summary>The version of Redis that had it first.</summary>
    public string Since { get; init; } = "1.0.0";

    /// <summary>What it does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The commands that its first argument chooses from; then <see cref="Run"/> is for none of them.</summary>
    public IReadOnlyList<Command> Subcommands { get; init; } = [];

    /// <summary>How many bytes beyond its arguments it may allocate, where it is not bounded by them.</summary>
    public Func<Call, long>? ExtraBytes { get; init; }

    /// <summary>What its change of a key is called towards those who are told of it.</summary>
    public byte[] Event { get; init; } = EventNames.Of(Name);

    /// <summary>Its number among all commands and subcommands, from 0.</summary>
    public int Number { get; set; }

    /// <summary>Its name's bytes, where that alone says that it is meant; null for a subcommand, and where there are some to choose from.</summary>
    public byte[]? Word { get; set; }

    /// <summary>Whether it does a thing.</summary>
    public bool Is(CommandFlags flag) => (Flags & flag) != 0;

    /// <summary>Whether so many arguments, with the name, are enough and not too many.</summary>
    public bool Accepts(int arguments) => Arity >= 0 ? arguments == Arity : arguments >= -Arity;
}

/// <summary>What a command does, as <c>COMMAND INFO</c> says it.</summary>
[Flags]
internal enum CommandFlags
{
    None = 0,

    /// <summary>May change keys.</summary>
    Write = 1,

    /// <summary>Reads keys, and changes none.</summary>
    ReadOnly = 1 << 1,

    /// <summary>May need memory: refused where there is none left.</summary>
    DenyOom = 1 << 2,

    /// <summary>For whoever runs the server.</summary>
    Admin = 1 << 3,

    /// <summary>Has to do with channels.</summary>
    PubSub = 1 << 4,

    /// <summary>Not from scripts.</summary>
    NoScript = 1 << 5,

    /// <summary>May make its client wait.</summary>
    Blocking = 1 << 6,

    /// <summary>Takes constant or logarithmic time.</summary>
    Fast = 1 << 7,

    /// <summary>May be asked for before the client has said who it is.</summary>
    NoAuth = 1 << 8,

    /// <summary>Not in a transaction.</summary>
    NoMulti = 1 << 9,

    /// <summary>Not shown to monitors and the slow log: it may carry a password.</summary>
    Secret = 1 << 10,

    /// <summary>Needs all shards: they are all locked while it runs.</summary>
    AllShards = 1 << 11,

    /// <summary>Runs at once also in a transaction: it ends or begins one.</summary>
    Transaction = 1 << 12,

    /// <summary>Also from a client that listens to channels, in the older version of the protocol.</summary>
    WhileSubscribed = 1 << 13,
}
