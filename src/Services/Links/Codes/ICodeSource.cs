namespace Groundwork.Links;

/// <summary>A way of finding numbers for new links. Safe for concurrent use.</summary>
internal interface ICodeSource
{
    /// <summary>What is stored with the links.</summary>
    LinkOrigin Origin { get; }

    /// <summary>A number to try.</summary>
    /// <param name="content">What the link will be.</param>
    /// <param name="attempt">How many numbers were tried before and found taken, or not presentable.</param>
    /// <param name="cancellationToken">Ends the wait; a number may then have been taken, which costs nothing.</param>
    ValueTask<long> DrawAsync(LinkContent content, int attempt, CancellationToken cancellationToken);
}
