using Groundwork.Ports.Messaging;
using Groundwork.Primitives;

namespace Groundwork.Platform.Messaging;

/// <summary>How a consumer works.</summary>
public sealed record EventConsumerOptions
{
    /// <summary>How many records are handled at a time, each of another key: 1 to 256, by default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>How many records are read and not done, or done behind one that is not, at most, of all partitions together: 1 to 100,000, by default 1,000. While one fails so many go past it; then all wait.</summary>
    public int Window { get; init; } = 1_000;

    /// <summary>How many bytes of records that are not done are held at most, beside one: 64 KiB to 1 GiB, by default 16 MiB.</summary>
    public long WindowBytes { get; init; } = 16 << 20;

    /// <summary>How often a record is tried before it goes to the dead letters: 1 to 1000, by default 6.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>How long a failed record, and with it its key, waits: by default up to 200 milliseconds after the first failure, up to 30 seconds at last.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    /// <summary>When a handler is cancelled, which counts as a failure: 1 second to 1 day, by default 1 minute.</summary>
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long dead letters are kept: 30 days, in milliseconds at least.</summary>
    public TimeSpan LetterLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How it is a member of its group.</summary>
    public MemberOptions Member { get; init; } = MemberOptions.Default;

    internal void Check()
    {
        Check(Concurrency, 1, 256, nameof(Concurrency));
        Check(Window, 1, 100_000, nameof(Window));
        Check(WindowBytes, 64 << 10, 1 << 30, nameof(WindowBytes));
        Check(MaxAttempts, 1, 1000, nameof(MaxAttempts));
        Check(HandlerTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(HandlerTimeout));
        Check(LetterLifetime, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(3660), nameof(LetterLifetime));
        Member.Check();
    }

    private static void Check<T>(T value, T min, T max, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
            throw new ArgumentOutOfRangeException(name, value, $"It is from {min} to {max}.");
    }
}
