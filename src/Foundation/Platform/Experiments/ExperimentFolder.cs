namespace Groundwork.Platform.Experiments;

/// <summary>
/// An empty folder of an experiment's own, for this user alone, where the system keeps temporary files (<c>TMPDIR</c> moves
/// it: what is measured is that disk). Disposing removes it, unless it was to be kept.
/// </summary>
internal sealed class ExperimentFolder : IDisposable
{
    private bool _kept;

    /// <summary>Its full path; short, since a control socket may have to fit in it.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("groundwork-").FullName;

    /// <summary>Leaves it where it is, for whoever wants to look.</summary>
    public void Keep() => _kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept && Directory.Exists(FullPath))
            Directory.Delete(FullPath, recursive: true);
    }
}
