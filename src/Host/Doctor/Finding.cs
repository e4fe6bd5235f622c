namespace Groundwork.Host.Doctor;

/// <summary>What a check of the doctor found.</summary>
/// <param name="Check">What was looked at, in a word or two.</param>
/// <param name="Verdict">In one word.</param>
/// <param name="Seen">What was seen, in a sentence; never a secret.</param>
/// <param name="WayOut">What to do; empty where all is well.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Seen, string WayOut)
{
    public static Finding Ok(string check, string seen) => new(check, Verdict.Ok, seen, "");

    public static Finding Warn(string check, string seen, string wayOut) => new(check, Verdict.Warn, seen, wayOut);

    public static Finding Fail(string check, string seen, string wayOut) => new(check, Verdict.Fail, seen, wayOut);
}

/// <summary>From well to not at all.</summary>
internal enum Verdict
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>It works, and may not for long, or not well.</summary>
    Warn,

    /// <summary>It does not work.</summary>
    Fail,
}
