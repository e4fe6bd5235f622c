using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Broker;

/// <summary>Names of topics and groups, as addresses and live regions have them. Pure.</summary>
internal static class BrokerNames
{
    private const int MaxTopic = 249;
    private const int MaxGroup = 255;

    // So that a list of all and one of what is called nothing are not the same region.
    private const string WordsMark = "q=";

    /// <summary>The page of a topic.</summary>
    public static string AddressOf(string topic) => $"/_/broker/topics/{Uri.EscapeDataString(topic)}";

    /// <summary>The page of a group, whose name may have any characters.</summary>
    public static string GroupAddress(string group) => QueryHelpers.AddQueryString("/_/broker/group", "name", group);

    /// <summary>Whether a text may be the name of a topic, there or not.</summary>
    public static bool IsTopic(string text) =>
        text.Length is > 0 and <= MaxTopic && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The argument of a group's live region.</summary>
    public static string Argument(string group) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(group));

    /// <summary>The group that an argument names; null where it names none.</summary>
    public static string? Group(string argument)
    {
        if (argument.Length > MaxGroup * 4 || !Base64Url.IsValid(argument))
            return null;
        var group = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(argument));
        return group.Length is > 0 and <= MaxGroup && Argument(group) == argument ? group : null;
    }

    /// <summary>The argument of the live region of what is called like some words.</summary>
    public static string Like(string words) => WordsMark + words[..Math.Min(words.Length, MaxTopic)];

    /// <summary>The words that an argument has.</summary>
    public static string Words(string argument) => argument[WordsMark.Length..];

    /// <summary>Whether a text is such an argument.</summary>
    public static bool IsLike(string argument) => argument.StartsWith(WordsMark, StringComparison.Ordinal) && argument.Length <= MaxTopic + WordsMark.Length;
}
