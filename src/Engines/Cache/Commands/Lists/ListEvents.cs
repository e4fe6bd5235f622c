namespace Groundwork.Cache.Commands.Lists;

/// <summary>What is done at an end of a list, as it is told to others, whatever the command that does it.</summary>
internal static class ListEvents
{
    /// <summary>Elements were taken off an end.</summary>
    public static ReadOnlySpan<byte> Pop(ListEnd end) => end == ListEnd.Left ? "lpop"u8 : "rpop"u8;

    /// <summary>Elements were added at an end.</summary>
    public static ReadOnlySpan<byte> Push(ListEnd end) => end == ListEnd.Left ? "lpush"u8 : "rpush"u8;
}
