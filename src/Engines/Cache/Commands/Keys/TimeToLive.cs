namespace Groundwork.Cache.Commands.Keys;

/// <summary>TTL, PTTL, EXPIRETIME, PEXPIRETIME key: -2 where it is not there, -1 where it does not expire.</summary>
internal static class TimeToLive
{
    public static void InSeconds(Call call) => Run(call, deadline => (deadline - call.Now + 500) / 1000);

    public static void InMilliseconds(Call call) => Run(call, deadline => deadline - call.Now);

    public static void AtSeconds(Call call) => Run(call, static deadline => (deadline + 500) / 1000);

    public static void AtMilliseconds(Call call) => Run(call, static deadline => deadline);

    private static void Run(Call call, Func<long, long> of)
    {
        var key = call.Look(1);
        call.Reply.Integer(!key.Exists ? -2 : key.Deadline < 0 ? -1 : of(key.Deadline));
    }
}
