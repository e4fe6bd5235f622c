using Groundwork.Broker.Journals;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Logs;

/// <summary>Which log it is.</summary>
/// <param name="Id">Its number, which is given once and never again.</param>
/// <param name="Folder">Where its segments lie.</param>
/// <param name="Name">What people call it: <c>topic-partition</c>.</param>
/// <param name="Settings">What is set of it.</param>
internal sealed record LogPlace(ulong Id, string Folder, string Name, LogSettings Settings);

/// <summary>What all logs of a broker stand on.</summary>
/// <param name="Disk">Where they lie.</param>
/// <param name="Committer">By which they become durable.</param>
/// <param name="Time">The broker's clock.</param>
/// <param name="Report">Is told of damage and failures, for the operator.</param>
/// <param name="Omits">What a drill takes away.</param>
internal sealed record LogContext(
    IDisk Disk, Committer Committer, TimeProvider Time, Action<LogPlace, string> Report, Omissions Omits = Omissions.None)
{
    /// <summary>Milliseconds since 1970.</summary>
    public long Now() => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
