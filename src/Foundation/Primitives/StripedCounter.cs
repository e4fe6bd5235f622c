namespace Groundwork.Primitives;

/// <summary>
/// A count that many threads add to and few read: each processor adds to a cell of its own, so that no cache line travels
/// between them (the LongAdder of D. Lea's java.util.concurrent). Safe for concurrent use.
/// </summary>
public sealed class StripedCounter
{
    // Two cache lines apart, since processors fetch them in pairs.
    private const int Stride = 16;

    private readonly int _mask;
    private readonly long[] _cells;

    /// <summary>A count of zero.</summary>
    public StripedCounter()
    {
        var stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));
        _mask = stripes - 1;
        _cells = new long[(stripes + 1) * Stride];
    }

    /// <summary>The sum, exact once nobody adds.</summary>
    public long Value
    {
        get
        {
            var sum = 0L;
            for (var i = Stride; i < _cells.Length; i += Stride)
                sum += Volatile.Read(ref _cells[i]);
            return sum;
        }
    }

    /// <summary>Adds one.</summary>
    public void Increment() => Interlocked.Increment(ref _cells[((Thread.GetCurrentProcessorId() & _mask) + 1) * Stride]);
}
