using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Packed;

/// <summary>The way from a tree's top to a place in a leaf.</summary>
internal struct TreePath
{
    /// <summary>The most levels of nodes. Nodes split in halves of 31 or more, so seven are enough for 2³¹ entries.</summary>
    public const int MaxHeight = 12;

    private Steps _steps;

    /// <summary>The leaf.</summary>
    public uint Leaf;

    /// <summary>Which entry of the leaf; as many as it has, behind them.</summary>
    public int Index;

    /// <summary>Where that entry begins.</summary>
    public int Position;

    /// <summary>The node at a level, 0 at the top, and which of its children the way goes to.</summary>
    public ref (uint Node, int Index) this[int level]
    {
        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        get => ref _steps[level];
    }

    [InlineArray(MaxHeight)]
    private struct Steps
    {
        private (uint Node, int Index) _first;
    }
}
