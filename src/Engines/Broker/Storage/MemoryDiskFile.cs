namespace Groundwork.Broker.Storage;

/// <summary>The bytes of a file in memory, in pages that are made when they are written. Safe for concurrent callers.</summary>
internal sealed class MemoryDiskFile
{
    private const int PageBytes = 64 << 10;

    private readonly Lock _lock = new();
    private readonly List<byte[]?> _pages = [];
    private long _length;

    public long Length => Interlocked.Read(ref _length);

    public int Read(Span<byte> into, long offset)
    {
        lock (_lock)
        {
            var count = (int)Math.Clamp(_length - offset, 0, into.Length);
            for (var done = 0; done < count;)
            {
                var (page, at) = ((int)((offset + done) / PageBytes), (int)((offset + done) % PageBytes));
                var part = into.Slice(done, Math.Min(PageBytes - at, count - done));
                if (_pages[page] is { } bytes)
                    bytes.AsSpan(at, part.Length).CopyTo(part);
                else
                    part.Clear();
                done += part.Length;
            }

            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> content, long offset)
    {
        lock (_lock)
        {
            Grow(offset + content.Length);
            while (!content.IsEmpty)
            {
                var (page, at) = ((int)(offset / PageBytes), (int)(offset % PageBytes));
                var part = content[..Math.Min(PageBytes - at, content.Length)];
                part.CopyTo((_pages[page] ??= new byte[PageBytes]).AsSpan(at));
                content = content[part.Length..];
                offset += part.Length;
            }
        }
    }

    public void SetLength(long length)
    {
        lock (_lock)
        {
            Grow(length);
            var pages = (int)((length + PageBytes - 1) / PageBytes);
            _pages.RemoveRange(pages, _pages.Count - pages);

            // What is cut off must not come back when the file grows again.
            if (length % PageBytes is > 0 and var at)
                _pages[^1]?.AsSpan((int)at).Clear();
            _length = length;
        }
    }

    private void Grow(long length)
    {
        while (_pages.Count * (long)PageBytes < length)
            _pages.Add(null);
        if (length > _length)
            Interlocked.Exchange(ref _length, length);
    }
}
