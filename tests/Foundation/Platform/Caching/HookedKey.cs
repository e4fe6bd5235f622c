namespace Groundwork.Platform.Tests.Caching;

/// <summary>A key by which a test gets in between the steps of a call: it is told whenever a table is about to be asked for it.</summary>
/// <param name="id">What it equals others by.</param>
/// <param name="hook">Is told how often it was asked for.</param>
internal sealed class HookedKey(int id, Action<int>? hook = null) : IEquatable<HookedKey>
{
    private int _asked;

    private int Id => id;

    public bool Equals(HookedKey? other) => other?.Id == id;

    public override bool Equals(object? obj) => Equals(obj as HookedKey);

    public override int GetHashCode()
    {
        hook?.Invoke(++_asked);
        return id;
    }
}
