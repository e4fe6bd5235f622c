namespace Groundwork.Cache.Resp;

/// <summary>
/// A line split into words, as Redis splits it: between blanks; <c>"…"</c> with the escapes \n \r \t \b \a \xHH \\ \",
/// <c>'…'</c> with \'. A closing quote is followed by a blank or the line's end. Words are unquoted in place: what a word
/// means is never longer than how it is written.
/// </summary>
internal static unsafe class InlineRequest
{
    /// <summary>False where quotes do not match; the arguments are then worth nothing.</summary>
    public static bool TrySplit(byte* line, int length, Arguments words)
    {
        var from = 0;
        while (true)
        {
            while (from < length && IsBlank(line[from]))
                from++;
            if (from == length)
                return true;

            var start = from;
            var to = from;
            while (from < length && !EndsWord(line[from]))
            {
                var letter = line[from++];
                if (letter is not ((byte)'"' or (byte)'\''))
                    line[to++] = letter;
                else if (!Unquote(line, length, letter, ref from, ref to))
                    return false;
                else
                    break;
            }

            words.Add(start, to - start);
        }
    }

    // From behind the opening quote to behind the closing one.
    private static bool Unquote(byte* line, int length, byte quote, ref int from, ref int to)
    {
        while (from < length)
        {
            var letter = line[from++];
            if (letter == quote)
                return from == length || IsBlank(line[from]);
            if (letter != (byte)'\\' || from == length)
                line[to++] = letter;
            else if (quote == (byte)'"')
                line[to++] = Unescape(line, length, ref from);
            else
                line[to++] = line[from] == (byte)'\'' ? line[from++] : letter;
        }

        return false;
    }

    private static byte Unescape(byte* line, int length, ref int from)
    {
        var letter = line[from++];
        if (letter == (byte)'x' && from + 1 < length && char.IsAsciiHexDigit((char)line[from]) && char.IsAsciiHexDigit((char)line[from + 1]))
        {
            var value = (Digit(line[from]) * 16) + Digit(line[from + 1]);
            from += 2;
            return (byte)value;
        }

        return letter switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => letter,
        };
    }

    private static int Digit(byte letter) => letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;

    private static bool IsBlank(byte letter) => letter is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r') or 0;

    private static bool EndsWord(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or 0;
}
