namespace Groundwork.Cache.Serving.Transport;

/// <summary>A socket on which something came.</summary>
/// <param name="Slot">The number it was added with.</param>
internal readonly record struct Ready(int Slot, Interest What);
