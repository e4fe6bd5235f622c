using System.Globalization;

namespace Groundwork.Primitives.Urls.Idna;

/// <summary>What Unicode says of code points, in ranges that have one value; read from a resource in <c>Data/</c>.</summary>
/// <remarks>Lines of <c>FIRST VALUE</c> or <c>FIRST..LAST VALUE</c>, in order; see <c>Data/README.md</c>. Immutable.</remarks>
internal sealed class CodePointTable<T>
    where T : struct
{
    private readonly int[] _firsts;
    private readonly int[] _lasts;
    private readonly T[] _values;

    public CodePointTable(string resource, Func<string, T> read)
    {
        using var stream = typeof(DomainToAscii).Assembly.GetManifestResourceStream(typeof(DomainToAscii), $"Data.{resource}")!;
        using var lines = new StreamReader(stream);
        var (firsts, lasts, values) = (new List<int>(), new List<int>(), new List<T>());
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var dots = line.AsSpan(0, space).IndexOf("..");
            var first = ReadHex(line.AsSpan(0, dots < 0 ? space : dots));
            firsts.Add(first);
            lasts.Add(dots < 0 ? first : ReadHex(line.AsSpan((dots + 2)..space)));
            values.Add(read(line[(space + 1)..]));
        }

        (_firsts, _lasts, _values) = ([.. firsts], [.. lasts], [.. values]);
    }

    /// <param name="first">The first code point of the range that it is in.</param>
    public bool TryGet(int codePoint, out T value, out int first)
    {
        var index = _firsts.AsSpan().BinarySearch(codePoint);
        index = index < 0 ? ~index - 1 : index;
        var found = index >= 0 && codePoint <= _lasts[index];
        value = found ? _values[index] : default;
        first = found ? _firsts[index] : 0;
        return found;
    }

    public T Get(int codePoint) => TryGet(codePoint, out var value, out _) ? value : default;

    /// <summary>Every range with its value, in order.</summary>
    public IEnumerable<(int First, int Last, T Value)> All() => _firsts.Select((first, i) => (first, _lasts[i], _values[i]));

    public static int ReadHex(ReadOnlySpan<char> hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
