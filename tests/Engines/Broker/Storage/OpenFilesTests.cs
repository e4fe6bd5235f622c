using Groundwork.Broker.Storage;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Storage;

public sealed class OpenFilesTests : IDisposable
{
    private const int Most = 4;
    private const int Files = 20;

    private readonly TempFolder _folder = new();
    private readonly SystemDisk _disk;
    private readonly List<IDiskFile> _files;

    public OpenFilesTests()
    {
        _disk = new SystemDisk(_folder.Path, new OpenFiles(Most));
        _files = [.. Enumerable.Range(0, Files).Select(i => _disk.Open(Name(i)))];
    }

    [Fact]
    public void Files_beyond_the_bound_are_closed_and_opened_again_when_they_are_wanted()
    {
        for (var i = 0; i < Files; i++)
            _files[i].Write([(byte)i], 0);

        for (var i = 0; i < Files; i++)
            Assert.Equal((byte)i, Only(_files[i]));
        if (OperatingSystem.IsLinux())
            Assert.InRange(OpenNow(), 1, Most);
    }

    [Fact]
    public async Task Concurrent_users_see_what_they_wrote_whatever_is_closed_under_them()
    {
        await Task.WhenAll(Enumerable.Range(0, Files).Select(i => Task.Run(() =>
        {
            for (var n = 0; n < 500; n++)
            {
                _files[i].Write([(byte)n], 0);
                if (n % 50 == 0)
                    _files[i].Sync();
                Assert.Equal((byte)n, Only(_files[i]));
            }
        })));

        // Where all were in use at once, more were open for a while.
        for (var i = 0; i < Files; i++)
            _ = Only(_files[i]);
        if (OperatingSystem.IsLinux())
            Assert.InRange(OpenNow(), 1, Files);
    }

    [Fact]
    public void A_file_that_was_disposed_is_not_opened_again()
    {
        _files[0].Dispose();

        Assert.Throws<ObjectDisposedException>(() => Only(_files[0]));
        Assert.Throws<ObjectDisposedException>(() => _files[0].Sync());
    }

    [Fact]
    public void A_file_that_is_gone_is_not_made_anew_by_opening_it_again()
    {
        _files[0].Write([1], 0);
        for (var i = 1; i < Files; i++)
            _files[i].Write([1], 0);
        _disk.Delete(Name(0));

        Assert.ThrowsAny<IOException>(() => Only(_files[0]));
        Assert.False(_disk.Exists(Name(0)));
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
        _folder.Dispose();
    }

    private static string Name(int file) => $"file-{file}";

    private static byte Only(IDiskFile file)
    {
        Span<byte> read = stackalloc byte[2];
        Assert.Equal(1, file.Read(read, 0));
        return read[0];
    }

    private int OpenNow() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(entry => Target(entry)?.StartsWith(_folder.Path, StringComparison.Ordinal) == true);

    private static string? Target(string entry)
    {
        try
        {
            return File.ResolveLinkTarget(entry, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null; // another test has closed it since it was listed
        }
    }
}
