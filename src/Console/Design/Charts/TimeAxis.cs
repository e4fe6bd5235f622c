using System.Globalization;

namespace Groundwork.Console.Design.Charts;

/// <summary>When each step of a chart begins or ends, and how that is written. Immutable.</summary>
/// <param name="Times">Oldest first; null where nothing is known.</param>
/// <param name="Step">How long a step is.</param>
public sealed record TimeAxis(IReadOnlyList<DateTimeOffset?> Times, TimeStep Step)
{
    /// <summary>
    /// Whether steps are days or months: those of UTC, which begin at another hour where somebody looks, and so are not put into the viewer's zone.
    /// </summary>
    public bool IsOfDays => Step is TimeStep.Day or TimeStep.Month;

    /// <summary>What the steps are.</summary>
    public string Name => Step switch { TimeStep.Day => "Day, UTC", TimeStep.Month => "Month, UTC", _ => "Time" };

    /// <summary>A moment in UTC, and where it is a moment it says so.</summary>
    public string Text(DateTimeOffset? time) => time is not { } t ? Format.None
        : t.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture) + (IsOfDays ? "" : " UTC");

    private string Pattern => Step switch { TimeStep.Second => "HH:mm:ss", TimeStep.Hour => "d MMM HH:mm", TimeStep.Month => "MMM yyyy", _ => "d MMM" };
}

/// <summary>How long a step of a chart is, and so how exactly it is written.</summary>
public enum TimeStep
{
    /// <summary>Seconds.</summary>
    Second,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day of UTC.</summary>
    Day,

    /// <summary>A month of UTC.</summary>
    Month,
}
