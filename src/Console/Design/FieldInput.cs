namespace Groundwork.Console.Design;

/// <summary>What the control of a field says of itself.</summary>
/// <param name="Id">By which its label finds it.</param>
/// <param name="DescribedBy">What else is said about it; null for nothing.</param>
/// <param name="IsWrong">Whether something is wrong with what was typed.</param>
public sealed record FieldInput(string Id, string? DescribedBy, bool IsWrong)
{
    /// <summary>The same for assistive technology.</summary>
    public string? Invalid => IsWrong ? "true" : null;

    /// <summary>Where there is a refusal, what it is about has the focus.</summary>
    public bool HasFocus => IsWrong;
}
