namespace Groundwork.Console.Shell;

/// <summary>The console's pictures: paths of 20 × 20, drawn with a line of 1.5.</summary>
internal static class Icons
{
    public const string Home = "M3 9.5 10 3.5l7 6M5 8.5V16h10V8.5M8.5 16v-4.5h3V16";
    public const string Page = "M5 3h7l3 3v11H5zM12 3v3h3M8 10h4M8 13h4";
    public const string Module = "M3.5 6.5 10 3l6.5 3.5v7L10 17l-6.5-3.5zM3.5 6.5 10 10l6.5-3.5M10 10v7";
    public const string Traces = "M3 5h8M6 10h9M9 15h8";
    public const string Logs = "M4 5h12M4 8.5h12M4 12h8M4 15.5h10";
    public const string Experiments = "M8 3h4M9 3v5l-4.5 7a1.3 1.3 0 0 0 1.1 2h8.8a1.3 1.3 0 0 0 1.1-2L11 8V3M6.5 13h7";
    public const string Settings = "M4 6h7M15 6h1M4 14h1M9 14h7M13 4v4M7 12v4";
    public const string Keys = "M12.5 7.5a3 3 0 1 0-2.6 2.97L4.5 16v.5h2.5V15h1.5v-1.5H10l1.8-1.9M13 6.5h.01";
    public const string Design = "M10 3a7 7 0 1 0 0 14c1 0 1.5-.6 1.5-1.3 0-1-1-1.2-1-2.2 0-.8.7-1.3 1.6-1.3H14a3 3 0 0 0 3-3C17 5.6 13.9 3 10 3zM6.5 9h.01M9 6.5h.01M12.5 7h.01";
    public const string Search = "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4zM12.7 12.7 16.5 16.5";
    public const string Api = "M7 6 3.5 10 7 14M13 6l3.5 4-3.5 4M11 4.5l-2 11";
    public const string Copy = "M7 7V4h9v9h-3M4 7h9v9H4z";
}
