namespace Groundwork.Broker.Logs;

/// <summary>Which leader wrote what: by it a consumer or a follower finds where its copy of the log and the leader's part (KIP-101, KIP-320). Guarded by the log's lock.</summary>
internal sealed class EpochHistory
{
    private readonly List<EpochStart> _starts = [];

    /// <summary>The starts, from the oldest.</summary>
    public IReadOnlyList<EpochStart> Starts => _starts;

    /// <summary>The newest epoch; 0 where nothing was written yet.</summary>
    public int Latest => _starts.Count == 0 ? 0 : _starts[^1].Epoch;

    /// <summary>A batch of an epoch begins at an offset.</summary>
    public void Add(int epoch, long offset)
    {
        if (_starts.Count == 0 || epoch > _starts[^1].Epoch)
            _starts.Add(new EpochStart(epoch, offset));
    }

    /// <summary>What is before an offset is gone.</summary>
    public void StartAt(long offset)
    {
        while (_starts.Count > 1 && _starts[1].Offset <= offset)
            _starts.RemoveAt(0);
        if (_starts.Count > 0 && _starts[0].Offset < offset)
            _starts[0] = _starts[0] with { Offset = offset };
    }

    /// <summary>The largest epoch up to one, and the offset behind its last record; (-1, -1) where there is none.</summary>
    public (int Epoch, long EndOffset) EndOf(int epoch, long logEnd)
    {
        if (epoch == Latest)
            return (epoch, logEnd);
        for (var i = _starts.Count - 2; i >= 0; i--)
        {
            if (_starts[i].Epoch <= epoch && _starts[i + 1].Epoch > epoch)
                return (_starts[i].Epoch, _starts[i + 1].Offset);
        }

        return (-1, -1);
    }

    /// <summary>Puts back what a checkpoint kept.</summary>
    public void Restore(IEnumerable<EpochStart> starts)
    {
        _starts.Clear();
        _starts.AddRange(starts);
    }
}
