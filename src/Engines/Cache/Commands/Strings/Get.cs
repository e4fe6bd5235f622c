using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>GET, GETSET, GETDEL.</summary>
internal static class Get
{
    public static void Run(Call call)
    {
        var key = call.Read(1);
        if (call.Expect(key, ValueKind.Text))
            call.Text(key);
    }

    public static void RunAndSet(Call call)
    {
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        call.Text(key);
        key.SetText(call[2], deadline: -1);
        key.Changed();
    }

    public static void RunAndDelete(Call call)
    {
        var key = call.Read(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        call.Text(key);
        key.Clear();
    }
}
