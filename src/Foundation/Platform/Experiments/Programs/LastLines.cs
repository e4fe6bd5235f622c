namespace Groundwork.Platform.Experiments.Programs;

/// <summary>The end of what a process said, for whoever must explain its end. Safe for concurrent use.</summary>
internal sealed class LastLines
{
    private const int Kept = 20;

    private readonly Queue<string> _lines = new();

    /// <summary>Keeps a line; null is the end of the output.</summary>
    public void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            if (_lines.Count == Kept)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_lines)
            return _lines.Count == 0 ? "it said nothing." : string.Join('\n', _lines);
    }
}
