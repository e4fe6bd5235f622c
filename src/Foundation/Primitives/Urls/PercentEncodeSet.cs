using System.Buffers;

namespace Groundwork.Primitives.Urls;

/// <summary>Which ASCII characters one part of a URL writes as %XX; what is not ASCII is written so in every part.</summary>
internal sealed class PercentEncodeSet
{
    /// <summary>The ASCII among the URL code points, letters and digits aside.</summary>
    private const string UrlPunctuation = "!$&'()*+,-./:;=?@_~";

    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> UrlCharacters = SearchValues.Create(Alphanumeric + UrlPunctuation);

    /// <summary>Controls only: opaque hosts and opaque paths.</summary>
    public static readonly PercentEncodeSet Control = new("");

    public static readonly PercentEncodeSet Fragment = new(" \"<>`");

    public static readonly PercentEncodeSet Query = new(" \"#<>");

    /// <summary>The query of a special scheme.</summary>
    public static readonly PercentEncodeSet SpecialQuery = new(" \"#<>'");

    public static readonly PercentEncodeSet Path = new(" \"#<>?^`{}");

    public static readonly PercentEncodeSet Userinfo = new(" \"#<>?^`{}/:;=@[\\]|");

    private readonly bool[] _encoded = new bool[128];

    private PercentEncodeSet(string encoded)
    {
        for (var c = '\0'; c < _encoded.Length; c++)
            _encoded[c] = char.IsControl(c) || encoded.Contains(c);
        Plain = SearchValues.Create([.. (Alphanumeric + UrlPunctuation).Where(c => !_encoded[c])]);
    }

    /// <summary>The URL code points that this part writes as they are: nothing to encode and nothing to report.</summary>
    public SearchValues<char> Plain { get; }

    /// <param name="ascii">Below 128.</param>
    public bool Encodes(char ascii) => _encoded[ascii];

    /// <summary>Whether a valid URL string may hold it as it is; a percent sign may stand only before two hex digits.</summary>
    public static bool IsUrlCodePoint(int codePoint) => codePoint < 0x80
        ? UrlCharacters.Contains((char)codePoint)
        : codePoint >= 0xA0 && (codePoint & 0xFFFE) != 0xFFFE && codePoint is not (>= 0xFDD0 and <= 0xFDEF);
}
