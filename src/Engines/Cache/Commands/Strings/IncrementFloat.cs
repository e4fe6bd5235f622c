using System.Buffers.Text;
using System.Globalization;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.Strings;

/// <summary>
/// INCRBYFLOAT key increment. Redis reckons in long double and writes up to 17 decimals without trailing zeros; here the sum is
/// decimal where both numbers are short enough to be exact in 28 digits, and double otherwise.
/// </summary>
internal static class IncrementFloat
{
    private const int MaxText = 400;
    private const int MaxDecimals = 17;

    public static void Run(Call call)
    {
        if (!TryRead(call[2], out var by))
        {
            call.Reply.NotAFloat();
            return;
        }

        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.Text))
            return;
        Span<byte> before = stackalloc byte[MaxText];
        before = before[..(int)Math.Min(MaxText, key.Exists ? Texts.Length(key.Found) : 0)];
        if (key.Exists)
            Texts.Read(key.Shard, key.Found, 0, before);
        if (!TryRead(key.Exists ? before : "0"u8, out var number) || before.Length == MaxText)
        {
            call.Reply.NotAFloat();
            return;
        }

        var sum = number + by;
        if (double.IsNaN(sum) || double.IsInfinity(sum))
        {
            call.Reply.Error("ERR increment would produce NaN or Infinity"u8);
            return;
        }

        var text = Write(key.Exists ? before : "0"u8, call[2], sum);
        key.SetText(text, key.Deadline);
        key.Changed();
        call.Reply.Bulk(text);
    }

    /// <summary>Reads a number as C does: decimal, with an exponent where there is one, or infinite; no blanks.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out double number)
    {
        if (Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && used > 0)
            return !double.IsNaN(number);
        number = 0;
        var unsigned = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        if (!System.Text.Ascii.EqualsIgnoreCase(unsigned, "inf"u8) && !System.Text.Ascii.EqualsIgnoreCase(unsigned, "infinity"u8))
            return false;
        number = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return true;
    }

    /// <summary>Writes the sum of two numbers out, from their texts where it is more exact so.</summary>
    internal static byte[] Write(ReadOnlySpan<byte> number, ReadOnlySpan<byte> by, double sum)
    {
        const NumberStyles Style = NumberStyles.Float;
        if (decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out var a)
            && decimal.TryParse(by, Style, CultureInfo.InvariantCulture, out var b)
            && Math.Abs(sum) < 1e15)
        {
            // To even, so that what was added and rounded is taken away again without a rest.
            var exact = decimal.Round(a + b, MaxDecimals, MidpointRounding.ToEven);
            return System.Text.Encoding.ASCII.GetBytes((exact == 0 ? 0 : exact).ToString("0.#################", CultureInfo.InvariantCulture));
        }

        return System.Text.Encoding.ASCII.GetBytes(sum.ToString("0.#################", CultureInfo.InvariantCulture));
    }
}
