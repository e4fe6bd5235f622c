using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Server;

/// <summary>CONFIG GET pattern [pattern …], SET name value [name value …] (all of them or none), RESETSTAT, REWRITE.</summary>
internal static class Config
{
    public static void Get(Call call)
    {
        var settings = Settings.InOrder.Where(s => Matches(call, s.Name)).ToArray();
        call.Reply.MapHeader(settings.Length);
        foreach (var setting in settings)
        {
            call.Reply.Bulk(Encoding.ASCII.GetBytes(setting.Name));
            call.Reply.Bulk(Encoding.UTF8.GetBytes(setting.Get(call.Engine)));
        }
    }

    public static void Set(Call call)
    {
        if (call.Count % 2 != 0)
        {
            call.Reply.SyntaxError();
            return;
        }

        var changes = new List<(string Name, Action Apply)>();
        for (var i = 2; i < call.Count; i += 2)
        {
            var name = Encoding.Latin1.GetString(call[i]);
            if (Settings.Find(name) is not { } setting)
            {
                call.Reply.Error($"ERR Unknown option or number of arguments for CONFIG SET - '{name}'");
                return;
            }

            if (changes.Exists(c => c.Name == setting.Name))
            {
                Refuse(call, name, "duplicate parameter");
                return;
            }

            var text = Encoding.UTF8.GetString(call[i + 1]);
            if (setting.Set is null)
            {
                // What is so already may be asked for.
                if (text != setting.Get(call.Engine))
                {
                    Refuse(call, name, "can't set immutable config");
                    return;
                }

                changes.Add((setting.Name, static () => { }));
                continue;
            }

            var change = setting.Set(call.Engine, text);
            if (change.Apply is null)
            {
                Refuse(call, name, change.Error!);
                return;
            }

            changes.Add((setting.Name, change.Apply));
        }

        foreach (var (_, apply) in changes)
            apply();
        call.Reply.Ok();
    }

    public static void ResetStatistics(Call call)
    {
        call.Engine.Stats.Reset();
        foreach (var space in call.Engine.Spaces.All)
            space.Keyspace.ResetCounts();
        call.Reply.Ok();
    }

    public static void Rewrite(Call call) =>
        call.Reply.Error("ERR The server is running without a config file: what is set here holds until it stops, what holds longer is set where the program is started"u8);

    private static bool Matches(Call call, string name)
    {
        for (var i = 2; i < call.Count; i++)
        {
            if (Glob.Matches(call[i], Encoding.ASCII.GetBytes(name), ignoreCase: true))
                return true;
        }

        return false;
    }

    private static void Refuse(Call call, string name, string why) =>
        call.Reply.Error($"ERR CONFIG SET failed (possibly related to argument '{name}') - {why}");
}
