namespace Groundwork.Testing.Disks;

/// <summary>
/// What a power cut could undo of a folder: the files that were made and removed since it was last synced. Each name by itself
/// is then as it is now, or as it was at that sync. Not thread-safe: the disk's lock guards it.
/// </summary>
internal sealed class FolderEntries
{
    // By path: what the file held when it was removed, or null where there was none.
    private readonly SortedDictionary<string, byte[]?> _before = new(StringComparer.Ordinal);

    public void Created(string path) => _before.TryAdd(path, null);

    public void Removing(string path)
    {
        if (!_before.ContainsKey(path))
            _before.Add(path, File.ReadAllBytes(path));
    }

    public void Synced() => _before.Clear();

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
