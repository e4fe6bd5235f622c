using System.Text;
using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <summary>Remembers what a shared cache tells. Thread-safe.</summary>
public sealed class ToldChanges : ICacheListener
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = NewSource();
    private bool _all;

    /// <summary>Whether it was told that anything may have changed.</summary>
    public bool HasAll
    {
        get
        {
            lock (_gate)
                return _all;
        }
    }

    /// <inheritdoc/>
    public void Changed(ReadOnlySpan<byte> key)
    {
        lock (_gate)
        {
            _keys.Add(Convert.ToHexString(key));
            Tell();
        }
    }

    /// <inheritdoc/>
    public void ChangedAll()
    {
        lock (_gate)
        {
            _all = true;
            Tell();
        }
    }

    /// <summary>Forgets what was told until now.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _keys.Clear();
            _all = false;
        }
    }

    /// <summary>Whether a key was told.</summary>
    public bool Has(string key) => Has(Encoding.UTF8.GetBytes(key));

    /// <summary>Waits until a key is told.</summary>
    public Task OfAsync(string key, CancellationToken cancellationToken) => OfAsync(Encoding.UTF8.GetBytes(key), cancellationToken);

    /// <summary>Waits until a key is told.</summary>
    public Task OfAsync(byte[] key, CancellationToken cancellationToken) => UntilAsync(() => Has(key), cancellationToken);

    /// <summary>Waits until it is told that anything may have changed.</summary>
    public Task OfAllAsync(CancellationToken cancellationToken) => UntilAsync(() => HasAll, cancellationToken);

    private bool Has(byte[] key)
    {
        lock (_gate)
            return _keys.Contains(Convert.ToHexString(key));
    }

    private async Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_gate)
                news = _news.Task;
            if (holds())
                return;
            await news.WaitAsync(cancellationToken);
        }
    }

    private void Tell()
    {
        _news.SetResult();
        _news = NewSource();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
