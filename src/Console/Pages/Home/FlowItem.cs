namespace Groundwork.Console.Pages.Home;

/// <summary>Something that flows between floors.</summary>
/// <param name="Name">What.</param>
/// <param name="PerSecond">How much.</param>
public sealed record FlowItem(string Name, double PerSecond);
