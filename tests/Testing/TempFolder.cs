namespace Groundwork.Testing;

/// <summary>A folder of a test's own, gone with the test.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Its full path; short, since a control socket may have to fit in it.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("gw-").FullName;

    /// <summary>The path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test moved it away itself.
        }
    }
}
