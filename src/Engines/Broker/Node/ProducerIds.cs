using System.Globalization;
using System.Text;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Node;

/// <summary>
/// Numbers for idempotent producers, each given once, also across restarts: a block of them is noted as used before the first of
/// it is given. Safe for concurrent callers.
/// </summary>
internal sealed class ProducerIds(IDisk disk)
{
    private const string Path = "producer-ids";
    private const long BlockSize = 1000;

    private readonly Lock _lock = new();
    private long _next;
    private long _noted;

    /// <summary>A number that nobody has.</summary>
    /// <exception cref="IOException">The next block could not be noted.</exception>
    public long Next()
    {
        lock (_lock)
        {
            if (_next == _noted)
            {
                if (_noted == 0 && disk.Read(Path) is { } bytes)
                    _next = long.Parse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture);
                disk.Replace(Path, Encoding.ASCII.GetBytes((_next + BlockSize).ToString(CultureInfo.InvariantCulture)));
                _noted = _next + BlockSize;
            }

            return _next++;
        }
    }
}
