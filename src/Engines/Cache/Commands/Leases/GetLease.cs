using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;
using Groundwork.Ports.Caching;

namespace Groundwork.Cache.Commands.Leases;

/// <summary>
/// GETLEASE key [STALE milliseconds] [PX milliseconds] [GROUP name]: <c>fresh</c>, <c>granted</c> or <c>held</c>, the string, the token of a
/// lease that was granted, as text (some clients' numbers have fewer bits), and how long the string has left, as <c>PTTL</c> says it.
/// </summary>
internal static class GetLease
{
    public static void Run(Call call)
    {
        if (!TryOptions(call, out var stale, out var length, out var group))
            return;
        var key = call.Read(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        var lease = KeyLeases.Ask(call.Engine, key.Shard, key.Found, key.Exists, length, stale, call.Now, group);
        call.Reply.ArrayHeader(4);
        call.Reply.Bulk(lease.State switch
        {
            LeaseState.Fresh => "fresh"u8,
            LeaseState.Granted => "granted"u8,
            _ => "held"u8,
        });
        call.Text(key);
        if (lease.State == LeaseState.Granted)
            call.Reply.BulkInteger(lease.Token);
        else
            call.Reply.Null();
        call.Reply.Integer(!key.Exists ? -2 : key.Found.Deadline < 0 ? -1 : key.Found.Deadline - call.Now);
    }

    private static bool TryOptions(Call call, out long stale, out long length, out ulong group)
    {
        (stale, length, group) = (0, KeyLeases.DefaultMilliseconds, 0);
        for (var i = 2; i < call.Count; i += 2)
        {
            var isStale = call.Is(i, "stale"u8);
            if (call.Is(i, "group"u8) && i + 1 < call.Count)
            {
                group = SetLease.GroupOf(call, i + 1);
                continue;
            }

            if ((!isStale && !call.Is(i, "px"u8)) || i + 1 == call.Count)
            {
                call.Reply.SyntaxError();
                return false;
            }

            if (!call.TryInteger(i + 1, out var number))
                return false;
            if (number < (isStale ? 0 : 1))
            {
                Deadlines.Refuse(call);
                return false;
            }

            if (isStale)
                stale = number;
            else
                length = number;
        }

        return true;
    }
}
