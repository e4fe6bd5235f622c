namespace Groundwork.Console.Design.Charts;

/// <summary>A row of values over the same steps as its neighbours. Immutable.</summary>
/// <param name="Name">In the legend and the table.</param>
/// <param name="Values">Oldest first; null where nothing is known.</param>
public sealed record Series(string Name, IReadOnlyList<double?> Values);

/// <summary>One bar, or one bucket of a histogram.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Value">How much.</param>
public sealed record Bar(string Name, double Value);
