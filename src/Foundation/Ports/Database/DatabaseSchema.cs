using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Groundwork.Ports.Database;

/// <summary>One module's tables: their name, how they came to be, and how they are spread.</summary>
/// <param name="Name">Lower case letters: the file's name in SQLite, the schema's in PostgreSQL.</param>
/// <param name="Tables">Every table, with its distribution key.</param>
/// <param name="Migrations">In the order in which they run; parts of Platform that a module uses come first.</param>
public sealed record DatabaseSchema(string Name, IReadOnlyList<Table> Tables, IReadOnlyList<Migration> Migrations)
{
    /// <summary>The schema with the tables of a shared part (idempotency, leases, …) put in front of its own.</summary>
    public DatabaseSchema With(SchemaPart part) =>
        this with { Tables = [.. part.Tables, .. Tables], Migrations = [.. part.Migrations, .. Migrations] };
}

/// <summary>Tables that several modules have, each in its own schema, so that they take part in its transactions.</summary>
public sealed record SchemaPart(IReadOnlyList<Table> Tables, IReadOnlyList<Migration> Migrations);

/// <summary>A table and the column by whose value its rows are spread over nodes.</summary>
public sealed record Table(string Name, string DistributionKey);

/// <summary>
/// One step forward of a schema. Once released it is never changed: its checksum is kept in the database, and a
/// difference stops the start.
/// </summary>
/// <param name="Component">Whose step: the module's own name, or that of a shared part.</param>
/// <param name="Number">From 1, without gaps within the component.</param>
/// <param name="Name">What it does, in a word or two.</param>
/// <param name="Sql">Statements separated by <c>;</c> at a line's end. <see cref="SqlTokens"/> apply.</param>
public sealed record Migration(string Component, int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, in hexadecimal.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>
    /// Reads the embedded resources <c>….{component}.{number}_{name}.sql</c> of an assembly, in the order of their numbers.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are none, or their numbers have a gap.</exception>
    public static IReadOnlyList<Migration> FromResources(Assembly assembly, string component)
    {
        var marker = $".{component}.";
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var at = resource.LastIndexOf(marker, StringComparison.Ordinal);
            if (at < 0 || !resource.EndsWith(".sql", StringComparison.Ordinal))
                continue;

            var file = resource[(at + marker.Length)..^".sql".Length];
            var underscore = file.IndexOf('_', StringComparison.Ordinal);
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            found.Add(new Migration(
                component,
                int.Parse(file.AsSpan(0, underscore), provider: null),
                file[(underscore + 1)..],
                reader.ReadToEnd().ReplaceLineEndings("\n")));
        }

        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        if (found.Count == 0 || found.Where((m, i) => m.Number != i + 1).Any())
            throw new InvalidOperationException($"The migrations of '{component}' in {assembly.GetName().Name} are not 1, 2, 3, ….");
        return found;
    }
}
