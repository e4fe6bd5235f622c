namespace Groundwork.Primitives.Limiting;

/// <summary>States as callers keep them: a buffer, and how much of it is in use.</summary>
internal static class StateBytes
{
    /// <summary>What is in use; nothing, where the length is none of this buffer's.</summary>
    public static ReadOnlySpan<byte> Known(ReadOnlySpan<byte> state, int length) =>
        (uint)length <= (uint)state.Length ? state[..length] : default;
}
