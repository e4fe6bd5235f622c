namespace Groundwork.Cache.Benchmarks.Load;

/// <summary>The requests of GET and SET that all servers get alike, in batches.</summary>
internal sealed class KeyLoad(Dialect dialect, int valueBytes, int pipeline)
{
    // Made before, so that making them is not measured.
    private const int Prepared = 512;

    /// <summary>Puts keys in, in order: as a batch takes so many, the last may go beyond.</summary>
    public void Fill(PipelinedLoad load, int keys, CancellationToken cancellationToken)
    {
        var batches = (keys + pipeline - 1) / pipeline;
        var requests = new MemoryStream();
        load.Run(batches, batch => Together(requests, Enumerable.Range(batch * pipeline, pipeline).Select(k => dialect.Set(k, valueBytes))), _ => SetBytes, cancellationToken);
    }

    /// <summary>Asks for keys at random, or writes them; the same ones each time.</summary>
    /// <param name="load">Sends them.</param>
    /// <param name="isSet">Whether they are written.</param>
    /// <param name="keys">Of so many.</param>
    /// <param name="operations">How many times, rounded down to whole batches.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>How many there were.</returns>
    public Func<long> Prepare(PipelinedLoad load, bool isSet, int keys, int operations, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var prepared = new byte[Prepared][];
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = Together(
                new MemoryStream(),
                Enumerable.Range(0, pipeline).Select(_ => random.Next(keys)).Select(k => isSet ? dialect.Set(k, valueBytes) : dialect.Get(k))).ToArray();
        }

        var batches = Math.Max(1, operations / pipeline);
        var answer = isSet ? SetBytes : pipeline * dialect.GetAnswerBytes(valueBytes);
        return () =>
        {
            load.Run(batches, batch => prepared[batch % Prepared], _ => answer, cancellationToken);
            return (long)batches * pipeline;
        };
    }

    private int SetBytes => pipeline * dialect.SetAnswerBytes;

    private static ReadOnlyMemory<byte> Together(MemoryStream into, IEnumerable<byte[]> requests)
    {
        into.SetLength(0);
        foreach (var request in requests)
            into.Write(request);
        return into.GetBuffer().AsMemory(0, (int)into.Length);
    }
}
