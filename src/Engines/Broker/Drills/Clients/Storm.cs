using System.Globalization;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>What the members of a group know together while they come and go: the newest generation that anybody was told of, and what was processed. Safe for concurrent callers.</summary>
internal sealed class Storm(int partitions, int records, Findings findings)
{
    private readonly bool[][] _processed = [.. Enumerable.Range(0, partitions).Select(_ => new bool[records])];
    private int _generation;
    private int _actions;
    private int _refused;
    private int _heartbeats;
    private int _calm;

    /// <summary>The newest generation of which a member has its share.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>How often somebody left, hung or died.</summary>
    public int Actions => Volatile.Read(ref _actions);

    /// <summary>How many late commits were refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>How many heartbeats were confirmed.</summary>
    public int Heartbeats => Volatile.Read(ref _heartbeats);

    /// <summary>How many members only work from now on.</summary>
    public int Calm => Volatile.Read(ref _calm);

    /// <summary>The storm is over for a member.</summary>
    public void Calmed() => Interlocked.Increment(ref _calm);

    /// <summary>A member has its share of a generation.</summary>
    public void Synced(int generation)
    {
        for (var known = Generation; generation > known;)
            known = Interlocked.CompareExchange(ref _generation, generation, known) is var seen && seen == known ? generation : seen;
    }

    /// <summary>Somebody leaves, hangs or dies.</summary>
    public void Acted() => Interlocked.Increment(ref _actions);

    /// <summary>A record was processed.</summary>
    public void Processed(int partition, long offset) => Volatile.Write(ref _processed[partition][offset], true);

    /// <summary>A member of a generation was confirmed to own its share.</summary>
    /// <param name="generation">Its own.</param>
    /// <param name="seen">The newest one, before it asked.</param>
    public void Confirmed(int generation, int seen)
    {
        Interlocked.Increment(ref _heartbeats);
        findings.Require(generation >= seen, "owners of an older generation were confirmed", $"{generation}, when {seen} had begun");
    }

    /// <summary>A commit was answered.</summary>
    public void Committed(ErrorCode error, int generation, int seen)
    {
        if (error == ErrorCode.None)
            findings.Require(generation >= seen, "commits of an older generation were taken", $"{generation}, when {seen} had begun");
        else
            Interlocked.Increment(ref _refused);
    }

    /// <summary>Everything is to have been processed.</summary>
    public void CheckAll()
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            for (var offset = 0; offset < records; offset++)
                findings.Require(Volatile.Read(ref _processed[partition][offset]), "committed records were not processed", string.Create(CultureInfo.InvariantCulture, $"{partition}/{offset}"));
        }
    }
}
