namespace Groundwork.Primitives.Urls;

/// <summary>Where the parts of a serialized URL stand, as indexes into it; what is absent is -1.</summary>
/// <remarks>
/// <code>
/// https://user:pass@host.example:8080/path?query#fragment
///      |      |    ||           |    |    |     |
///      |      |    |HostStart   |    |    |     FragmentStart
///      |      UsernameEnd       |    |    QueryStart
///      SchemeEnd                |    AuthorityEnd, PathStart
///                               HostEnd
/// </code>
/// A URL without a host has <see cref="UsernameEnd"/>, <see cref="HostStart"/>, <see cref="HostEnd"/> and
/// <see cref="AuthorityEnd"/> behind its scheme's colon. <see cref="PathStart"/> differs from <see cref="AuthorityEnd"/> where
/// "/." keeps a path that begins with two slashes from looking like a host.
/// </remarks>
internal struct UrlLayout
{
    public SchemeKind Kind;
    public int SchemeEnd;
    public int UsernameEnd;
    public int HostStart;
    public int HostEnd;
    public int AuthorityEnd;
    public int PathStart;
    public int QueryStart;
    public int FragmentStart;
    public int Port;
    public bool HasHost;
    public bool HasOpaquePath;
    public bool HasValidationError;
}
