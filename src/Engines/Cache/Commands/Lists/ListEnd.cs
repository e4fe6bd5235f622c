using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Lists;

/// <summary>An end of a list.</summary>
internal enum ListEnd
{
    /// <summary>Before the first element.</summary>
    Left,

    /// <summary>Behind the last.</summary>
    Right,
}

/// <summary>Reads which end is meant.</summary>
internal static class ListEnds
{
    /// <summary>An argument as an end: LEFT or RIGHT; if it is none, that is the answer.</summary>
    public static bool TryEnd(this Call call, int argument, out ListEnd end)
    {
        end = call.Is(argument, "left"u8) ? ListEnd.Left : ListEnd.Right;
        if (end == ListEnd.Left || call.Is(argument, "right"u8))
            return true;
        call.Reply.SyntaxError();
        return false;
    }
}
