using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Tests.Resp;

/// <summary>
/// Feeds a parser piece by piece as a connection does: what is left over is kept, and lies elsewhere at every call. What was
/// found is written a line each, so that two ways of feeding can be compared.
/// </summary>
internal static unsafe class ParsedPieces
{
    public static List<string> Of(IEnumerable<byte[]> pieces, RequestParser? parser = null)
    {
        parser ??= new RequestParser();
        var found = new List<string>();
        var kept = Array.Empty<byte>();
        foreach (var piece in pieces)
        {
            byte[] all = [.. kept, .. piece];
            var at = 0;
            fixed (byte* data = all)
            {
                while (true)
                {
                    var status = parser.Parse(data + at, all.Length - at, out var used);
                    Assert.InRange(used, 0, all.Length - at);
                    at += used;
                    if (status == RequestStatus.Incomplete)
                        break;
                    found.Add(status switch
                    {
                        RequestStatus.Command => Text(parser.Arguments),
                        RequestStatus.Malformed => "! " + parser.Error,
                        _ => "http",
                    });
                    if (status != RequestStatus.Command)
                        return found;
                }
            }

            kept = all[at..];
        }

        return found;
    }

    public static List<string> Of(string text) => Of([Bytes(text)]);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static IEnumerable<byte[]> OneByOne(byte[] all) => all.Select(b => new[] { b });

    public static string Text(Arguments arguments) =>
        string.Join('|', Enumerable.Range(0, arguments.Count).Select(i => Encoding.Latin1.GetString(arguments[i])));
}
