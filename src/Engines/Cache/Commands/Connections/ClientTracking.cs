using System.Text;
using Groundwork.Cache.Commands.Tracking;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>
/// CLIENT TRACKING ON | OFF [REDIRECT id] [PREFIX prefix …] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]; CLIENT CACHING YES | NO; CLIENT
/// GETREDIR; CLIENT TRACKINGINFO.
/// </summary>
internal static class ClientTracking
{
    public static void Run(Call call)
    {
        if (!TryOptions(call, out var asked))
            return;
        if (call.Is(2, "off"u8))
        {
            call.Client.StopTracking();
            call.Reply.Ok();
            return;
        }

        if (!call.Is(2, "on"u8))
        {
            call.Reply.SyntaxError();
            return;
        }

        var tracker = call.Client.Tracker ??= new Tracker(call.Client);
        if (Conflict(tracker.State, asked) is { } error)
        {
            call.Reply.Error(error);
            return;
        }

        if (asked.Is(TrackingMode.Broadcast))
            asked = asked with { Prefixes = Union(tracker.State.Prefixes, asked.Prefixes.Length > 0 ? asked.Prefixes : [[]]) };
        call.Engine.Tracking.Set(tracker, asked);
        call.Reply.Ok();
    }

    public static void Caching(Call call)
    {
        if (call.Client.Tracker is not { State: { IsOn: true } state } tracker)
            call.Reply.Error("ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled"u8);
        else if (!call.Is(2, "yes"u8) && !call.Is(2, "no"u8))
            call.Reply.SyntaxError();
        else if (call.Is(2, "yes"u8) && !state.Is(TrackingMode.OptIn))
            call.Reply.Error("ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode."u8);
        else if (call.Is(2, "no"u8) && !state.Is(TrackingMode.OptOut))
            call.Reply.Error("ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode."u8);
        else
        {
            tracker.IsCachingSaid = true;
            call.Reply.Ok();
        }
    }

    public static void Redirect(Call call) => call.Reply.Integer(RedirectOf(call.Client));

    public static void Describe(Call call)
    {
        var tracker = call.Client.Tracker;
        var state = tracker?.State ?? TrackerState.Off;
        var reply = call.Reply;
        reply.MapHeader(3);
        reply.Bulk("flags"u8);
        var flags = FlagsOf(tracker, state);
        reply.SetHeader(flags.Count);
        foreach (var flag in flags)
            reply.Bulk(Encoding.ASCII.GetBytes(flag));
        reply.Bulk("redirect"u8);
        reply.Integer(RedirectOf(call.Client));
        reply.Bulk("prefixes"u8);
        reply.ArrayHeader(state.Prefixes.Length);
        foreach (var prefix in state.Prefixes)
            reply.Bulk(prefix);
    }

    /// <summary>Who is told in a client's place: its number, 0 for nobody else, -1 where it tracks nothing.</summary>
    public static long RedirectOf(Session client) =>
        client.Tracker is { State: { IsOn: true } state } ? state.Redirect?.Id ?? 0 : -1;

    private static List<string> FlagsOf(Tracker? tracker, TrackerState state)
    {
        var flags = new List<string> { state.IsOn ? "on" : "off" };
        if (state.Is(TrackingMode.Broadcast))
            flags.Add("bcast");
        if (state.Is(TrackingMode.OptIn))
            flags.Add("optin");
        if (state.Is(TrackingMode.OptOut))
            flags.Add("optout");
        if (tracker is { IsCachingSaid: true })
            flags.Add(state.Is(TrackingMode.OptIn) ? "caching-yes" : "caching-no");
        if (state.Is(TrackingMode.NoLoop))
            flags.Add("noloop");
        if (tracker is { IsRedirectBroken: true })
            flags.Add("broken_redirect");
        return flags;
    }

    private static bool TryOptions(Call call, out TrackerState asked)
    {
        var mode = TrackingMode.None;
        Session? redirect = null;
        var prefixes = new List<byte[]>();
        asked = TrackerState.Off;
        for (var i = 3; i < call.Count; i++)
        {
            var hasMore = i + 1 < call.Count;
            if (call.Is(i, "redirect"u8) && hasMore)
            {
                if (redirect is not null)
                {
                    call.Reply.Error("ERR A client can only redirect to a single other client"u8);
                    return false;
                }

                if (!call.TryInteger(++i, out var id))
                    return false;
                redirect = call.Engine.Clients.Find(id);
                if (redirect is null)
                {
                    call.Reply.Error("ERR The client ID you want redirect to does not exist"u8);
                    return false;
                }
            }
            else if (call.Is(i, "prefix"u8) && hasMore)
            {
                prefixes.Add(call[++i].ToArray());
            }
            else if (ModeOf(call, i) is var one and not TrackingMode.None)
            {
                mode |= one;
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        asked = new TrackerState(mode, redirect, [.. prefixes]);
        return true;
    }

    private static TrackingMode ModeOf(Call call, int argument) =>
        call.Is(argument, "bcast"u8) ? TrackingMode.Broadcast
        : call.Is(argument, "optin"u8) ? TrackingMode.OptIn
        : call.Is(argument, "optout"u8) ? TrackingMode.OptOut
        : call.Is(argument, "noloop"u8) ? TrackingMode.NoLoop
        : TrackingMode.None;

    // What speaks against what is asked, by itself or after what was asked before; null where nothing does.
    private static string? Conflict(TrackerState before, TrackerState asked)
    {
        var broadcasts = asked.Is(TrackingMode.Broadcast);
        if (!broadcasts && asked.Prefixes.Length > 0)
            return "ERR PREFIX option requires BCAST mode to be enabled";
        if (before.IsOn && before.Is(TrackingMode.Broadcast) != broadcasts)
            return "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.";
        if (broadcasts && asked.Is(TrackingMode.OptIn | TrackingMode.OptOut))
            return "ERR OPTIN and OPTOUT are not compatible with BCAST";
        if (asked.Is(TrackingMode.OptIn) && asked.Is(TrackingMode.OptOut))
            return "ERR You can't specify both OPTIN mode and OPTOUT mode";
        if ((asked.Is(TrackingMode.OptIn) && before.Is(TrackingMode.OptOut)) || (asked.Is(TrackingMode.OptOut) && before.Is(TrackingMode.OptIn)))
            return "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.";
        if (before.Prefixes.Length + asked.Prefixes.Length > KeyTracking.MaxPrefixes)
            return $"ERR a client may have {KeyTracking.MaxPrefixes} prefixes";
        return Overlap(before.Prefixes, asked.Prefixes);
    }

    private static string? Overlap(byte[][] before, byte[][] asked)
    {
        for (var i = 0; i < asked.Length; i++)
        {
            if (Array.Find(before, b => Overlaps(b, asked[i])) is { } existing)
                return $"ERR Prefix '{Text(asked[i])}' overlaps with an existing prefix '{Text(existing)}'. Prefixes for a single client must not overlap.";
            for (var j = i + 1; j < asked.Length; j++)
            {
                if (Overlaps(asked[i], asked[j]))
                    return $"ERR Prefix '{Text(asked[i])}' overlaps with another provided prefix '{Text(asked[j])}'. Prefixes for a single client must not overlap.";
            }
        }

        return null;
    }

    private static bool Overlaps(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => one.StartsWith(other) || other.StartsWith(one);

    // Asking for all keys twice is no overlap.
    private static byte[][] Union(byte[][] before, byte[][] asked) =>
        [.. before.Concat(asked.Where(a => !before.Any(b => b.AsSpan().SequenceEqual(a)))).OrderBy(p => p, Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)))];

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
