using System.Buffers;
using System.Text;
using Groundwork.Primitives.Urls.Idna;

namespace Groundwork.Primitives.Urls;

/// <summary>Domains, addresses and opaque hosts, written in their serialized form.</summary>
internal static class HostParser
{
    private const string Forbidden = "\0\t\n\r #/:<>?@[\\]^|";

    private static readonly SearchValues<char> ForbiddenInHost = SearchValues.Create(Forbidden);

    private static readonly SearchValues<char> ForbiddenInDomain =
        SearchValues.Create(Forbidden + "%\u007F" + string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)));

    private static readonly SearchValues<char> PlainDomain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <param name="host">Not empty.</param>
    public static bool TryWrite(ref UrlDraft draft, ReadOnlySpan<char> host)
    {
        if (host[0] == '[')
            return host[^1] == ']' && Ipv6.TryWrite(ref draft, host[1..^1]);
        return draft.IsSpecial ? TryWriteDomain(ref draft, host) : TryWriteOpaque(ref draft, host);
    }

    private static bool TryWriteOpaque(ref UrlDraft draft, ReadOnlySpan<char> host)
    {
        if (host.ContainsAny(ForbiddenInHost))
            return false;
        draft.AppendEncoded(host, PercentEncodeSet.Control);
        return true;
    }

    private static bool TryWriteDomain(ref UrlDraft draft, ReadOnlySpan<char> host)
    {
        var start = draft.Length;
        if (!host.ContainsAnyExcept(PlainDomain))
        {
            draft.Append(host);
            draft.ReportIf(!StrictDomain.IsValid(host));
        }
        else if (!TryWriteMapped(ref draft, host))
        {
            return false;
        }

        var domain = draft.Written[start..];
        if (domain.IsEmpty || domain.ContainsAny(ForbiddenInDomain))
            return false;
        if (!Ipv4.EndsInNumber(domain))
            return true;
        if (!Ipv4.TryParse(domain, out var address, out var valid))
            return false;
        draft.ReportIf(!valid);
        draft.Truncate(start);
        Ipv4.Write(ref draft, address);
        return true;
    }

    /// <summary>Writes a domain that needs more than copying: it has capitals, or %XX, or is not ASCII.</summary>
    private static bool TryWriteMapped(ref UrlDraft draft, ReadOnlySpan<char> host)
    {
        if (host.Contains('%'))
        {
            draft.Report();
            host = PercentDecode(host);
        }

        var start = draft.Length;
        if (Ascii.IsValid(host))
        {
            draft.AppendLower(host);
            draft.ReportIf(!StrictDomain.IsValid(draft.Written[start..]));
            return true;
        }

        if (!DomainToAscii.TryConvert(host, out var ascii, out var strict))
            return false;
        draft.Append(ascii);
        draft.ReportIf(!strict);
        return true;
    }

    private static string PercentDecode(ReadOnlySpan<char> host)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(host.Length)];
        var length = 0;
        while (!host.IsEmpty)
        {
            if (UrlDraft.IsPercentEncodedByte(host))
            {
                bytes[length++] = Convert.FromHexString(host[1..3])[0];
                host = host[3..];
            }
            else
            {
                Rune.DecodeFromUtf16(host, out var rune, out var consumed);
                length += rune.EncodeToUtf8(bytes.AsSpan(length));
                host = host[consumed..];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
