namespace Groundwork.Broker.Journals;

/// <summary>What is made durable together: entries that came while the round before it was being written.</summary>
/// <param name="number">The how manieth it is: when it is durable, so are those of smaller numbers.</param>
internal sealed class Round(long number)
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(IJournaled Owner, long NextOffset)> _owners = [];

    /// <summary>The how manieth it is.</summary>
    public long Number => number;

    /// <summary>What it holds, in order.</summary>
    public List<JournalEntry> Entries { get; } = [];

    /// <summary>The sum of its entries' contents.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Completes when all of it is durable; fails with <see cref="JournalFailedException"/> when it will not be.</summary>
    public Task Durable => _durable.Task;

    /// <summary>The one of two that is durable last; null of none.</summary>
    public static Round? Later(Round? one, Round? other) => one is null || other?.Number > one.Number ? other : one;

    /// <summary>Waits until it is durable, or will not be.</summary>
    public async Task SettledAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Durable.WaitAsync(cancellationToken);
        }
        catch (JournalFailedException)
        {
            // What is durable can be read on.
        }
    }

    /// <summary>Adds an entry, and who is told that everything up to an offset is durable.</summary>
    public void Add(in JournalEntry entry, IJournaled owner, long nextOffset)
    {
        Entries.Add(entry);
        ContentBytes += entry.Content.Length;
        _owners.Add((owner, nextOffset));
    }

    /// <summary>It is durable: owners know before those who wait.</summary>
    public void Complete()
    {
        foreach (var (owner, nextOffset) in _owners)
            owner.Durable(nextOffset);
        _durable.SetResult();
    }

    /// <summary>It is not durable, and will not be.</summary>
    public void Fail(Exception failure)
    {
        _durable.SetException(new JournalFailedException(failure));

        // That nobody waits for an append is no fault: acks=0.
        _ = _durable.Task.Exception;
    }
}

/// <summary>The journal's disk failed: nothing more is acknowledged until the program is started again.</summary>
internal sealed class JournalFailedException(Exception reason) : IOException(
    $"The broker's journal cannot be written: {reason.Message} Nothing more is accepted; see to the disk and start again.", reason);
