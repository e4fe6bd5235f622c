using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>The C# of what all APIs are listed in.</summary>
internal static class CatalogSource
{
    private const string Head = "// Made from the files in Schema: change those, and run the tests with GROUNDWORK_ACCEPT=1.";

    public static string Keys(IEnumerable<Schema> apis)
    {
        var source = Begin("What a request asks, by Kafka's numbers.", "internal enum ApiKey : short");
        foreach (var api in apis)
            source.Line($"{api.Name} = {api.Key},");
        source.Close();
        return source.ToString();
    }

    public static string Table(IEnumerable<Schema> apis)
    {
        var source = Begin("The APIs of the table, in the order of their numbers.", "internal static class ApiTable");
        source.Line("public static readonly IReadOnlyList<ApiInfo> All =").Line("[");
        foreach (var api in apis)
        {
            foreach (var note in api.Notes)
                source.Line($"    // {note}");
            var advertised = api.Advertised ?? api.Served;
            source.Line($"    new(ApiKey.{api.Name}, {Range(api.Versions)}, {Range(api.Served)}, {Range(advertised)}, {api.FlexibleFrom?.ToString() ?? "null"}),");
        }

        source.Line("];");
        source.Close();
        return source.ToString();
    }

    public static string Messages(IReadOnlyList<Schema> apis)
    {
        var source = Begin("Reads messages whose API is known only when they come.", "internal static class ApiMessages");
        Switch(source, apis, "Request");
        source.Line();
        Switch(source, apis, "Response");
        source.Close();
        return source.ToString();
    }

    private static void Switch(SourceText source, IReadOnlyList<Schema> apis, string kind)
    {
        source.Summary($"Reads the body of a {kind.ToLowerInvariant()}, in a version that exists.");
        source.Open($"public static I{kind} Read{kind}(ApiKey api, ref ProtocolReader reader, short version) => api switch");
        foreach (var api in apis)
            source.Line($"ApiKey.{api.Name} => {api.Name}{kind}.Read(ref reader, version),");
        source.Line("_ => throw new ArgumentOutOfRangeException(nameof(api), api, \"There is no such API in the table.\"),");
        source.Close("};");
    }

    private static SourceText Begin(string summary, string head)
    {
        var source = new SourceText().Line(Head).Line("namespace Groundwork.Broker.Protocol;").Line();
        source.Summary(summary);
        source.Open(head);
        return source;
    }

    private static string Range(VersionRange? range) => range is var (from, to) ? $"new({from}, {to})" : "null";
}
