using System.Runtime.CompilerServices;
using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>
/// The messages are made from the table by this test, and are checked in. To make them anew: <c>GROUNDWORK_ACCEPT=1 dotnet
/// test</c>, twice if the table has a new API.
/// </summary>
public sealed class GeneratedMessagesTests
{
    private static string Folder { get; } = Find();

    [Fact]
    public void The_checked_in_messages_are_what_the_table_says()
    {
        var made = Generate();
        if (Environment.GetEnvironmentVariable("GROUNDWORK_ACCEPT") == "1")
        {
            foreach (var (file, text) in made)
                File.WriteAllText(Path.Combine(Folder, "Messages", file), text);
        }

        var there = Directory.EnumerateFiles(Path.Combine(Folder, "Messages")).Select(f => Path.GetFileName(f)!);
        Assert.Equal(made.Keys.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        Assert.All(made, m => Assert.Equal(m.Value, File.ReadAllText(Path.Combine(Folder, "Messages", m.Key))));
    }

    private static Dictionary<string, string> Generate()
    {
        var schemas = Directory.EnumerateFiles(Path.Combine(Folder, "Schema"))
            .Where(f => f.EndsWith(".api", StringComparison.Ordinal) || f.EndsWith(".data", StringComparison.Ordinal))
            .Select(SchemaReader.Read)
            .OrderBy(s => s.Key)
            .ToList();
        var apis = schemas.Where(s => s.Key is not null).ToList();
        var files = schemas
            .SelectMany(s => s.Messages.Select(m => (m.Name, Text: MessageSource.Of(s, m))))
            .ToDictionary(m => m.Name + ".cs", m => m.Text);
        files["ApiKey.cs"] = CatalogSource.Keys(apis);
        files["ApiTable.cs"] = CatalogSource.Table(apis);
        files["ApiMessages.cs"] = CatalogSource.Messages(apis);
        return files;
    }

    private static string Find([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "..", "src", "Engines", "Broker", "Protocol"));
}
