using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Groundwork.Platform.Http;
using Groundwork.Primitives;

namespace Groundwork.Links;

/// <summary>
/// The one space of all codes: each code, drawn or chosen, has exactly one number, and the number is the link's key. So a
/// single unique key covers them all, and no text is ever compared by a database's collation.
/// </summary>
/// <remarks>
/// <para>Three ranges that do not touch:</para>
/// <list type="bullet">
/// <item>[0, 62⁷): seven base62 characters, permuted. Here the counter and the hash draw, and here lies an alias that happens to
/// have this form.</item>
/// <item>[62⁷, 62⁷ + 2⁶²): eleven base62 characters below 2⁶², permuted. Here lie snowflake numbers.</item>
/// <item>below 0: any other alias, by 63 bits of its SHA-256. The row keeps the alias itself, which a reader compares; should two
/// ever meet, the second is refused as taken.</item>
/// </list>
/// <para>The permutations are keyed, so that codes of neighbouring numbers tell nothing of one another; the key and so the whole
/// mapping never change for a database. Immutable; safe for concurrent use.</para>
/// </remarks>
internal sealed class CodeSpace
{
    /// <summary>How long a code from the counter or the hash is.</summary>
    public const int ShortLength = 7;

    /// <summary>How long a snowflake code is.</summary>
    public const int LongLength = 11;

    /// <summary>How many numbers have a code of <see cref="ShortLength"/> characters.</summary>
    public static readonly long ShortCodes = Base62.Capacity(ShortLength);

    /// <summary>How many numbers have a code of <see cref="LongLength"/> characters.</summary>
    public const long LongCodes = 1L << 62;

    private readonly FeistelPermutation _short;
    private readonly FeistelPermutation _long;

    /// <param name="key">At least 16 random bytes, the same in all copies.</param>
    public CodeSpace(ReadOnlySpan<byte> key)
    {
        _short = new FeistelPermutation(ShortCodes, key);
        _long = new FeistelPermutation(LongCodes, key);
    }

    /// <summary>The number of a code; false where the text cannot be one.</summary>
    public bool TryNumber(ReadOnlySpan<char> code, out long number)
    {
        number = 0;
        if (code.Length == ShortLength && Base62.TryDecode(code, out var value))
        {
            number = _short.Invert(value);
            return true;
        }

        if (code.Length == LongLength && Base62.TryDecode(code, out value) && value < LongCodes)
        {
            number = ShortCodes + _long.Invert(value);
            return true;
        }

        if (!Alias.HasForm(code))
            return false;
        number = Hashed(code);
        return true;
    }

    /// <summary>The code of a number; <paramref name="alias"/> where the number doesn't give it.</summary>
    public string CodeOf(long number, string? alias) => number switch
    {
        < 0 => alias ?? throw new InvalidOperationException($"The link {number} has lost its alias."),
        _ when number < ShortCodes => Base62.Encode(_short.Permute(number), ShortLength),
        _ => Base62.Encode(_long.Permute(number - ShortCodes), LongLength),
    };

    /// <summary>Whether the number's own code may be handed out: not a word of the house, nor one that offends.</summary>
    public static bool IsPresentable(string code) => !ReservedSegments.Contains(code) && !Obscenities.AppearIn(code);

    private static long Hashed(ReadOnlySpan<char> alias)
    {
        Span<byte> text = stackalloc byte[Alias.MaxLength];
        var length = Encoding.ASCII.GetBytes(alias, text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash) | long.MinValue;
    }
}
