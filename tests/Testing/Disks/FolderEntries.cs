namespace Groundwork.Testing.Disks;

/// <summary>
/// What a power cut could undo of a folder: the files that were made and removed since it was last synced. Each name by itself
/// is then as it is now, or as it was at that sync. Not thread-safe: the disk's lock guards it.
/// </summary>
public sealed class FolderEntries
{
    // By path: what the file held when it was removed, or null where there was none.
    private readonly SortedDictionary<string, byte[]?> _before = new(StringComparer.Ordinal);

    /// <summary>A file was made.</summary>
    public void Created(string path) => _before.TryAdd(path, null);

    /// <summary>A file is about to be removed.</summary>
    public void Removing(string path)
    {
        if (!_before.ContainsKey(path))
            _before.Add(path, File.ReadAllBytes(path));
    }

    /// <summary>The names last as they are.</summary>
    public void Synced() => _before.Clear();

    /// <summary>The names of one folder last as they are.</summary>
    public void Synced(string folder)
    {
        foreach (var path in _before.Keys.Where(path => Path.GetDirectoryName(path) == folder).ToList())
            _ = _before.Remove(path);
    }

    /// <summary>Leaves the folder in one of the states in which the power's end could leave it.</summary>
    public void CutPower(Random random)
    {
        foreach (var (path, bytes) in _before)
        {
            if (random.Next(2) == 0)
                continue;
            File.Delete(path);
            if (bytes is not null)
                File.WriteAllBytes(path, bytes);
        }
    }
}
