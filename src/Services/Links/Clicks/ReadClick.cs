namespace Groundwork.Links.Clicks;

/// <summary>A click as it is counted.</summary>
/// <param name="Kind">How the link was followed.</param>
/// <param name="Agent">Through what.</param>
/// <param name="Referrer">From where; of <see cref="ClickKind.Click"/> only, as the following.</param>
/// <param name="Language">In which language.</param>
/// <param name="Visitor">By whom: a hash.</param>
internal readonly record struct ReadClick(ClickKind Kind, UserAgent Agent, string Referrer, string Language, ulong Visitor)
{
    /// <summary>Adds it to a rollup, but for the visitor, as often as it was clicked.</summary>
    public void AddTo(Rollup rollup, long count)
    {
        rollup.Add(Kind, count);
        if (Agent.Bot is { } bot)
            rollup.Add(ClickDimension.Bot, bot, count);
        if (Kind != ClickKind.Click)
            return;
        rollup.Add(ClickDimension.Referrer, Referrer, count);
        rollup.Add(ClickDimension.Browser, Agent.Browser, count);
        rollup.Add(ClickDimension.System, Agent.System, count);
        rollup.Add(ClickDimension.Device, Agent.Device, count);
        rollup.Add(ClickDimension.Language, Language, count);
    }
}
