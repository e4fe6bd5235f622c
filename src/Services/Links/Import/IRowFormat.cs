using System.Diagnostics.CodeAnalysis;
using Groundwork.Platform.Http;

namespace Groundwork.Links.Import;

/// <summary>How a row of an import is written. Not for concurrent use.</summary>
internal interface IRowFormat
{
    /// <summary>What a row asks for.</summary>
    /// <param name="record">The row, in UTF-8.</param>
    /// <param name="row">What it asks for, when true is returned.</param>
    /// <param name="problem">What is wrong with it, when false is.</param>
    bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out CreateLink? row, [NotNullWhen(false)] out ProblemResult? problem);
}
