using CsCheck;

namespace Groundwork.Host.Tests;

internal static class Choice
{
    /// <summary>One of these.</summary>
    public static Gen<string> Of(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);
}
