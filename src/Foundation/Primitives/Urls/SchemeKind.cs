namespace Groundwork.Primitives.Urls;

/// <summary>The special schemes, and all others.</summary>
internal enum SchemeKind
{
    Other,
    Http,
    Https,
    Ws,
    Wss,
    Ftp,
    File,
}

internal static class SchemeKinds
{
    /// <param name="scheme">In lower case, without the colon.</param>
    public static SchemeKind Of(ReadOnlySpan<char> scheme) => scheme switch
    {
        "http" => SchemeKind.Http,
        "https" => SchemeKind.Https,
        "ws" => SchemeKind.Ws,
        "wss" => SchemeKind.Wss,
        "ftp" => SchemeKind.Ftp,
        "file" => SchemeKind.File,
        _ => SchemeKind.Other,
    };

    public static string? Name(this SchemeKind kind) => kind switch
    {
        SchemeKind.Http => "http",
        SchemeKind.Https => "https",
        SchemeKind.Ws => "ws",
        SchemeKind.Wss => "wss",
        SchemeKind.Ftp => "ftp",
        SchemeKind.File => "file",
        _ => null,
    };

    /// <summary>-1 where the scheme has none.</summary>
    public static int DefaultPort(this SchemeKind kind) => kind switch
    {
        SchemeKind.Http or SchemeKind.Ws => 80,
        SchemeKind.Https or SchemeKind.Wss => 443,
        SchemeKind.Ftp => 21,
        _ => -1,
    };
}
