using Groundwork.Ports.Files;

namespace Groundwork.Broker.Storage;

/// <summary>A folder of the machine's own disk.</summary>
/// <param name="root">The folder below which all paths are; made if it is not there.</param>
/// <param name="open">What bounds how many files are open at once; null for what the system allows.</param>
internal sealed class SystemDisk(string root, OpenFiles? open = null) : IDisk
{
    private readonly OpenFiles _open = open ?? OpenFiles.Allowed();

    public IDiskFile Open(string path) => new SystemDiskFile(Full(path), _open);

    public bool Exists(string path) => File.Exists(Full(path));

    public byte[]? Read(string path) => File.Exists(Full(path)) ? File.ReadAllBytes(Full(path)) : null;

    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        var partial = Full(path) + ".partial";
        using (var file = File.OpenHandle(partial, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(partial, Full(path), overwrite: true);
        DurableFiles.SyncFolder(Path.GetDirectoryName(Full(path))!);
    }

    public void Delete(string path) => File.Delete(Full(path));

    public void CreateFolder(string path)
    {
        var folder = root;
        DurableFiles.CreateFolder(folder);
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            DurableFiles.CreateFolder(folder = Path.Combine(folder, name));
    }

    public void RenameFolder(string from, string to)
    {
        Directory.Move(Full(from), Full(to));
        DurableFiles.SyncFolder(Path.GetDirectoryName(Full(to))!);
    }

    public void DeleteFolder(string path)
    {
        if (Directory.Exists(Full(path)))
            Directory.Delete(Full(path), recursive: true);
    }

    public IReadOnlyList<string> List(string path) =>
        Directory.Exists(Full(path)) ? [.. new DirectoryInfo(Full(path)).EnumerateFileSystemInfos().Select(entry => entry.Name)] : [];

    public void SyncFolder(string path) => DurableFiles.SyncFolder(Full(path));

    private string Full(string path) => Path.Combine(root, path);
}
