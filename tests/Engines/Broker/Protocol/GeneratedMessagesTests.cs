using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>
/// The messages are made from the table by this test, and are checked in. To make them anew: <c>GROUNDWORK_ACCEPT=1 dotnet
/// test</c>.
/// </summary>
public sealed class GeneratedMessagesTests
{
    [Fact]
    public void The_checked_in_messages_are_what_the_table_says()
    {
        var made = Generate();
        if (Environment.GetEnvironmentVariable("GROUNDWORK_ACCEPT") == "1")
        {
            foreach (var (file, text) in made)
                File.WriteAllText(Path.Combine(Table.Folder, "Messages", file), text);
        }

        var there = Directory.EnumerateFiles(Path.Combine(Table.Folder, "Messages")).Select(f => Path.GetFileName(f)!);
        Assert.Equal(made.Keys.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        Assert.All(made, m => Assert.Equal(m.Value, File.ReadAllText(Path.Combine(Table.Folder, "Messages", m.Key))));
    }

    private static Dictionary<string, string> Generate()
    {
        var apis = Table.Schemas.Where(s => s.Key is not null).ToList();
        var files = Table.Schemas
            .SelectMany(s => s.Messages.Select(m => (m.Name, Text: MessageSource.Of(s, m))))
            .ToDictionary(m => m.Name + ".cs", m => m.Text);
        files["ApiKey.cs"] = CatalogSource.Keys(apis);
        files["ApiTable.cs"] = CatalogSource.Table(apis);
        files["ApiMessages.cs"] = CatalogSource.Messages(apis);
        return files;
    }
}
