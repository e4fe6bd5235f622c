using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Groundwork.Links;

/// <summary>
/// Numbers from a keyed hash of owner and address: the same address of the same owner finds its link again without looking
/// for it, so this is also how links are deduplicated.
/// </summary>
/// <remarks>
/// A number that another link has is a collision: the next salt gives another one. With 10⁸ links a create collides once in
/// 35,000 times; each collision costs one more write. So does each link to that address that has ended: its number is not
/// used again. A number that the counter has come past may have been a link that is long gone, row and all; it is only good for
/// finding, never for a new link. Immutable.
/// </remarks>
internal sealed class HashCodes(byte[] key) : ICodeSource
{
    public LinkOrigin Origin => LinkOrigin.Hash;

    public ValueTask<long> DrawAsync(LinkContent content, int attempt, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetBytes($"{attempt}\n{content.Owner}\n{content.LongUrl}");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, hash);
        return new((long)(BinaryPrimitives.ReadUInt128BigEndian(hash) % (UInt128)CodeSpace.ShortCodes));
    }
}
