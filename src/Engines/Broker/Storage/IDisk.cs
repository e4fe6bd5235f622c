namespace Groundwork.Broker.Storage;

/// <summary>
/// Where logs lie: the system's files, memory, or a disk of the tests that fails on command. Paths are relative, with <c>/</c>
/// between folders. Safe for concurrent callers; errors are <see cref="IOException"/>.
/// </summary>
/// <remarks>
/// What a file holds lasts once <see cref="IDiskFile.Sync"/> has returned; that it is there, is gone or has its name lasts once
/// its folder was synced.
/// </remarks>
internal interface IDisk
{
    /// <summary>Opens a file for reading and writing, and makes it where there is none.</summary>
    IDiskFile Open(string path);

    /// <summary>Whether there is such a file.</summary>
    bool Exists(string path);

    /// <summary>A whole small file; null where there is none.</summary>
    byte[]? Read(string path);

    /// <summary>Replaces a whole small file: whoever reads it, also after the power went, sees all of it or what was there before.</summary>
    void Replace(string path, ReadOnlySpan<byte> content);

    /// <summary>Removes a file; one that is not there is no error. Whoever has it open may find it gone when next it is used.</summary>
    void Delete(string path);

    /// <summary>Makes a folder, and those above it.</summary>
    void CreateFolder(string path);

    /// <summary>Gives a folder another name, in the same folder, durably.</summary>
    void RenameFolder(string from, string to);

    /// <summary>Removes a folder and all that is in it.</summary>
    void DeleteFolder(string path);

    /// <summary>The names in a folder, in no order; empty where there is none.</summary>
    IReadOnlyList<string> List(string path);

    /// <summary>Makes the names in a folder durable.</summary>
    void SyncFolder(string path);
}

/// <summary>An open file. Safe for concurrent callers, as far as they write to different places.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads from a place on; fewer bytes than asked for only where the file ends.</summary>
    int Read(Span<byte> into, long offset);

    /// <summary>Writes at a place; the file grows as needed. When it throws, any part may have been written.</summary>
    void Write(ReadOnlySpan<byte> content, long offset);

    /// <summary>Writes several pieces one behind the other, as one.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset);

    /// <summary>Cuts it off, or lets it grow by zeros.</summary>
    void SetLength(long length);

    /// <summary>Takes the room for so many bytes, so that writing within them never finds the disk full. It never shrinks.</summary>
    void Reserve(long length);

    /// <summary>What was written lasts when this returns. After it has thrown, nobody knows what does.</summary>
    void Sync();

    /// <summary>Lets the system begin to write out some bytes, so that a later <see cref="Sync"/> finds less to wait for. A hint: it promises nothing, and doing nothing is right.</summary>
    void StartSync(long offset, long length)
    {
    }
}
