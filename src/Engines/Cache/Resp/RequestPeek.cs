namespace Groundwork.Cache.Resp;

/// <summary>
/// Looks at a request without parsing it: where the argument after the command's name lies, which nearly always is a key. A hint: it
/// checks just enough not to look beyond the bytes that there are, and what it says changes nothing but what is fetched early.
/// </summary>
internal static unsafe class RequestPeek
{
    private const int MaxArguments = 16;

    // As far as a length of so many digits may be looked at; longer ones are not worth it.
    private const int MaxDigits = 5;

    /// <summary>Finds the argument after the name.</summary>
    /// <param name="data">Where a request begins.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="key">That argument; empty where there is none.</param>
    /// <returns>How many bytes the request has; 0 where that is not seen at once.</returns>
    public static int TryFind(byte* data, int length, out ReadOnlySpan<byte> key)
    {
        key = default;
        var at = 0;
        if (!TryNumber(data, length, ref at, (byte)'*', out var arguments) || arguments > MaxArguments)
            return 0;
        for (var i = 0; i < arguments; i++)
        {
            if (!TryNumber(data, length, ref at, (byte)'$', out var bytes) || bytes + 2 > length - at)
                return 0;
            if (i == 1)
                key = new ReadOnlySpan<byte>(data + at, bytes);
            at += bytes + 2;
        }

        return at;
    }

    private static bool TryNumber(byte* data, int length, ref int at, byte type, out int number)
    {
        number = 0;
        if (length - at < MaxDigits + 3 || data[at] != type)
            return false;
        var digits = data + at + 1;
        for (var i = 0; i <= MaxDigits; i++)
        {
            var digit = (uint)(digits[i] - '0');
            if (digit > 9)
            {
                at += i + 3;
                return i > 0 && digits[i] == (byte)'\r';
            }

            number = (number * 10) + (int)digit;
        }

        return false;
    }
}
