using Microsoft.AspNetCore.Components;

namespace Groundwork.Console.Design.Charts;

/// <summary>What charts of rows of values take.</summary>
public abstract class SeriesChart : ComponentBase
{
    /// <summary>What it shows.</summary>
    [Parameter]
    [EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>The rows, all of one length.</summary>
    [Parameter]
    [EditorRequired]
    public IReadOnlyList<Series> Series { get; set; } = [];

    /// <summary>How values are written.</summary>
    [Parameter]
    public Func<double?, string> Numbers { get; set; } = Format.Number;

    /// <summary>When each step is; numbered where left out.</summary>
    [Parameter]
    public TimeAxis? Axis { get; set; }

    /// <summary>The beginning, below the chart; that of the axis where left out.</summary>
    [Parameter]
    public string From { get; set; } = "";

    /// <summary>The end, below the chart; that of the axis where left out.</summary>
    [Parameter]
    public string To { get; set; } = "";

    /// <summary>The axis.</summary>
    protected Scale Scale { get; private set; } = Scale.For(0);

    /// <summary>Whether nothing is known of any row.</summary>
    protected bool IsEmpty { get; private set; }

    /// <summary>The rows' names.</summary>
    protected IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>What the picture says, in a sentence.</summary>
    protected string Summary { get; private set; } = "";

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        Scale = Scale.For(Most());
        IsEmpty = !Series.Any(s => s.Values.Any(v => v is not null));
        Names = [.. Series.Select(s => s.Name)];
        Summary = string.Join("; ", Series.Select(s =>
            $"{s.Name}: now {Numbers(s.Values.Count == 0 ? null : s.Values[^1])}, at most {Numbers(s.Values.Max())}"));
    }

    /// <summary>The greatest value that is drawn.</summary>
    protected virtual double Most() => Series.SelectMany(s => s.Values).Max() ?? 0;
}
