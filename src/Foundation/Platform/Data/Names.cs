namespace Groundwork.Platform.Data;

/// <summary>The bounds that the texts in these tables' keys keep to.</summary>
internal static class Names
{
    /// <summary>The longest text in a key, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>The longest reason that is kept of a failure, in characters; more is cut off.</summary>
    public const int MaxReasonLength = 1024;

    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    public static void Check(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (text.Length > MaxLength)
            throw new ArgumentException($"It has at most {MaxLength} characters, not {text.Length}.", parameter);
    }

    /// <summary>The beginning of a reason, as much of it as is kept.</summary>
    public static string CutReason(string reason) => reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength];
}
