using SQLitePCL;

namespace Groundwork.Testing.Disks;

/// <summary>One handle that SQLite has open on a file of a <see cref="FailingDisk"/>, and the real file below it.</summary>
internal sealed unsafe class OpenFile(FailingDisk disk, DiskFile file, NativeFile* real) : IDiskReader
{
    public FailingDisk Disk => disk;

    public DiskFile File => file;

    /// <summary>Whether a sync failed since this handle was opened, and it has not been told.</summary>
    public bool OwesSyncError { get; set; }

    /// <summary>Whether its next sync is the folder's too.</summary>
    public bool SyncsFolder { get; set; }

    public long Length
    {
        get
        {
            long length;
            return real->Methods->FileSize(real, &length) == raw.SQLITE_OK ? length : throw new IOException("A real file's length can't be read.");
        }
    }

    /// <summary>Reads what is there; behind the end are zeros.</summary>
    public void Read(Span<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            var code = real->Methods->Read(real, start, bytes.Length, offset);
            if (code is not (raw.SQLITE_OK or raw.SQLITE_IOERR_SHORT_READ))
                throw new IOException($"A real file can't be read: {code}.");
        }
    }

    public int Write(ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
            return real->Methods->Write(real, start, bytes.Length, offset);
    }

    public int Truncate(long length) => real->Methods->Truncate(real, length);
}
