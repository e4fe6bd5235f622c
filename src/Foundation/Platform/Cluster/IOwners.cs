namespace Groundwork.Platform.Cluster;

/// <summary>
/// Who owns what has one owner at a time and keeps its state in the Database: a conversation's sequencer, a saga in flight, a
/// crawl host's queue.
/// </summary>
public interface IOwners
{
    /// <summary>
    /// Makes this copy the owner of <paramref name="name"/>, with an epoch above all earlier ones. Whoever owned it before is
    /// told so where it can be reached, and cannot write any more in any case.
    /// </summary>
    /// <param name="name">The distribution key of what is owned; 1 to 255 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Ownership> AcquireAsync(string name, CancellationToken cancellationToken = default);
}
