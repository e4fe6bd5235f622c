using System.Text;

namespace Groundwork.Links.Import;

/// <summary>The fields of a CSV record, by RFC 4180: separated by commas; in quotes, with quotes doubled, where they hold any of comma, quote and newline.</summary>
internal static class CsvFields
{
    private const byte Quote = (byte)'"';
    private const byte Comma = (byte)',';

    /// <summary>Reads a record's fields.</summary>
    /// <param name="record">In UTF-8, without the newline behind it.</param>
    /// <param name="fields">Gets the fields, instead of what was in it.</param>
    /// <returns>False where quotes stand where none may.</returns>
    public static bool TryRead(ReadOnlySpan<byte> record, List<string> fields)
    {
        fields.Clear();
        while (true)
        {
            int length;
            if (record is [Quote, ..])
            {
                length = 1 + LengthOfQuoted(record[1..], out var isDoubled);
                if (length > record.Length || record[length - 1] != Quote || (length < record.Length && record[length] != Comma))
                    return false;
                var text = Encoding.UTF8.GetString(record[1..(length - 1)]);
                fields.Add(isDoubled ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text);
            }
            else
            {
                length = record.IndexOfAny(Comma, Quote);
                length = length < 0 ? record.Length : length;
                if (length < record.Length && record[length] == Quote)
                    return false;
                fields.Add(Encoding.UTF8.GetString(record[..length]));
            }

            if (length == record.Length)
                return true;
            record = record[(length + 1)..];
        }
    }

    /// <summary>How long a quoted field is, behind its opening quote and with its closing one; more than there is where that is missing.</summary>
    private static int LengthOfQuoted(ReadOnlySpan<byte> field, out bool isDoubled)
    {
        isDoubled = false;
        for (var at = 0; ;)
        {
            var quote = field[at..].IndexOf(Quote);
            if (quote < 0)
                return field.Length + 1;
            at += quote + 1;
            if (at == field.Length || field[at] != Quote)
                return at;
            isDoubled = true;
            at++;
        }
    }
}
