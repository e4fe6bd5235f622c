using System.Security.Cryptography;
using System.Text;
using Groundwork.Primitives;

namespace Groundwork.Platform.Access.Keys;

/// <summary>
/// An API key's text: <c>gw_{id}_{secret}</c>, the id of 12 base62 characters, the secret 256 random bits in 43.
/// </summary>
/// <remarks>
/// At rest only the secret's SHA-256 is kept. Slow hashes (bcrypt, Argon2) make up for passwords that can be guessed; 256
/// random bits cannot be, and every request is checked. Pure, except that <see cref="Create"/> draws random bits.
/// </remarks>
internal static class ApiKey
{
    /// <summary>What every key begins with, so that it is told from a token, and found by scanners for leaked secrets.</summary>
    public const string Prefix = "gw_";

    /// <summary>How long an id is.</summary>
    public const int IdLength = 12;

    /// <summary>How long a secret is: the least with 62ⁿ ≥ 2²⁵⁶.</summary>
    public const int SecretLength = 43;

    /// <summary>How long a verifier is, in bytes.</summary>
    public const int VerifierLength = SHA256.HashSizeInBytes;

    private const int Length = 3 + IdLength + 1 + SecretLength;

    /// <summary>A fresh id.</summary>
    public static string CreateId() => RandomNumberGenerator.GetString(Base62.Alphabet, IdLength);

    /// <summary>A fresh secret for an id: the key to show once, and the verifier to keep.</summary>
    public static (string Key, byte[] Verifier) Create(string id)
    {
        var secret = RandomNumberGenerator.GetString(Base62.Alphabet, SecretLength);
        return ($"{Prefix}{id}_{secret}", SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
    }

    /// <summary>Takes a presented key apart.</summary>
    /// <param name="text">What was presented.</param>
    /// <param name="id">The id, a part of the text.</param>
    /// <param name="verifier">Receives the secret's SHA-256: <see cref="VerifierLength"/> bytes.</param>
    /// <returns>False where it is not a key at all.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ReadOnlySpan<char> id, Span<byte> verifier)
    {
        id = default;
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
            return false;

        id = text.Slice(Prefix.Length, IdLength);
        var secret = text[(Prefix.Length + IdLength + 1)..];
        if (!IsBase62(id) || !IsBase62(secret))
            return false;

        Span<byte> bytes = stackalloc byte[SecretLength];
        Encoding.ASCII.GetBytes(secret, bytes);
        SHA256.HashData(bytes, verifier);
        return true;
    }

    private static bool IsBase62(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        }

        return true;
    }
}
