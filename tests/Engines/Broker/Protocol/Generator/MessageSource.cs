namespace Groundwork.Broker.Tests.Protocol.Generator;

/// <summary>The C# of one message: a class, and one inside of it for each structure that it has.</summary>
internal sealed class MessageSource
{
    private readonly Schema _schema;
    private readonly Structure _message;
    private readonly Dictionary<string, Structure> _structures;
    private readonly SourceText _source = new();

    private MessageSource(Schema schema, Structure message)
    {
        _schema = schema;
        _message = message;
        _structures = message.Inner().ToDictionary(s => s.Name);
        // C# lets no member have the name of a type beside it, or of the one that it is in.
        var clash = message.Fields.FirstOrDefault(f => _structures.ContainsKey(f.Name))?.Name
            ?? _structures.Values.FirstOrDefault(s => s.Fields.Any(f => f.Name == s.Name))?.Name;
        if (clash is not null)
            throw new InvalidDataException($"{schema.File}: a field and a structure of {message.Name} are both called {clash}.");
    }

    public static string Of(Schema schema, Structure message) => new MessageSource(schema, message).Make();

    private string Make()
    {
        _source.Line($"// Made from Schema/{_schema.File}: change that, and run the tests with GROUNDWORK_ACCEPT=1.")
            .Line("namespace Groundwork.Broker.Protocol;")
            .Line();
        _source.Summary(_message.Summary?.Replace("`__consumer_offsets`", "<c>__consumer_offsets</c>", StringComparison.Ordinal));
        _source.Open($"internal sealed class {_message.Name} : {Interfaces()}");
        Properties(_message);
        if (_schema.Key is not null)
            _source.Line().Line($"public ApiKey Api => ApiKey.{_schema.Name};");
        else
            _source.Line().Line($"public static short OldestVersion => {_schema.Versions.From};").Line().Line($"public static short NewestVersion => {_schema.Versions.To};");
        Methods(_message);
        foreach (var structure in _structures.Values)
        {
            _source.Line();
            _source.Open($"internal sealed class {structure.Name} : IMessage, IReadable<{structure.Name}>");
            Properties(structure);
            Methods(structure);
            _source.Close();
        }

        _source.Close();
        return _source.ToString();
    }

    private string Interfaces()
    {
        var name = _message.Name;
        if (_schema.Key is null)
            return $"IVersionedData, IReadable<{name}>";
        return name == _schema.Name + "Request"
            ? $"IRequest<{_schema.Name}Response>, IReadable<{name}>"
            : $"IResponse, IReadable<{name}>";
    }

    private void Properties(Structure structure)
    {
        foreach (var field in structure.Fields)
        {
            if (field != structure.Fields[0])
                _source.Line();
            _source.Summary(field.Summary);
            _source.Line(Source(structure, field).Property);
        }
    }

    private void Methods(Structure structure)
    {
        if (structure.Fields.Count > 0 || structure == _message)
            _source.Line();
        Read(structure);
        _source.Line();
        Write(structure);
    }

    private void Read(Structure structure)
    {
        _source.Open($"public static {structure.Name} Read(ref ProtocolReader reader, short version)");
        var tagged = Tagged(structure);
        DeclareFlexible(structure);
        _source.Line($"var read = new {structure.Name}();");
        foreach (var field in structure.Fields.Where(f => f.Tag is null))
        {
            var source = Source(structure, field);
            _source.When(source.Exists, source.Read("read"));
        }

        if (tagged.Count > 0)
            ReadTagged(structure, tagged);
        else if (HasTags(structure) is var (condition, possible) && possible)
            _source.When(condition, "reader.SkipTaggedFields();");
        _source.Line("return read;");
        _source.Close();
    }

    private void ReadTagged(Structure structure, List<Field> tagged)
    {
        if (HasTags(structure).Condition is { } condition)
            _source.When($"!{condition}", "return read;");
        _source.Open("for (var left = reader.ReadTagCount(); left > 0; left--)");
        _source.Line("var tag = reader.ReadTag(out var end);");
        _source.Open("switch (tag)");
        foreach (var field in tagged)
        {
            var source = Source(structure, field);
            var when = source.Exists is { } exists ? $" when {exists}" : "";
            _source.Line($"case {field.Tag}{when}:");
            _source.Line($"    {source.Read("read")}").Line("    break;");
        }

        _source.Line("default:").Line("    reader.SkipTo(end);").Line("    break;");
        _source.Close();
        _source.Line();
        _source.Line("reader.EndTag(tag, end);");
        _source.Close();
        _source.Line();
    }

    private void Write(Structure structure)
    {
        _source.Open("public void Write(ProtocolWriter writer, short version)");
        var tagged = Tagged(structure);
        DeclareFlexible(structure);
        foreach (var field in structure.Fields.Where(f => f.Tag is null))
        {
            var source = Source(structure, field);
            _source.When(source.Exists, source.Write());
            if (source.Exists is not null && !field.Ignorable)
                _source.Otherwise(source.IsSet, source.Refuse);
        }

        foreach (var field in tagged.Where(f => !f.Ignorable && f.Versions.From > structure.Versions.From))
        {
            var source = Source(structure, field);
            _source.When($"version < {field.Versions.From} && {source.IsSet}", source.Refuse);
        }

        if (tagged.Count > 0)
            WriteTagged(structure, tagged);
        else if (HasTags(structure) is var (condition, possible) && possible)
            _source.When(condition, "writer.WriteUnsignedVarint(0);");
        _source.Close();
    }

    private void WriteTagged(Structure structure, List<Field> tagged)
    {
        if (HasTags(structure).Condition is { } condition)
            _source.When($"!{condition}", "return;");
        _source.Line("var tags = 0u;");
        foreach (var field in tagged)
            _source.When(Present(structure, field), "tags++;");
        _source.Line("writer.WriteUnsignedVarint(tags);");
        foreach (var field in tagged)
        {
            var source = Source(structure, field);
            _source.Open($"if ({Present(structure, field)})");
            _source.Line(source.Write("writer.BeginTag()")).Line($"writer.EndTag({field.Tag});");
            _source.Close();
            if (field != tagged[^1])
                _source.Line();
        }
    }

    private string Present(Structure structure, Field field)
    {
        var source = Source(structure, field);
        return source.Exists is { } exists ? $"{exists} && {source.IsSet}" : source.IsSet;
    }

    private void DeclareFlexible(Structure structure)
    {
        if (Conditions.Flexible(_schema, structure.Versions) == "flexible")
            _source.Line($"var flexible = version >= {_schema.FlexibleFrom};");
    }

    // Whether the structure has tagged fields, if only those of versions to come; and in which versions.
    private (string? Condition, bool Possible) HasTags(Structure structure) => Conditions.Flexible(_schema, structure.Versions) switch
    {
        "flexible" => ("flexible", true),
        "flexible: true" => (null, true),
        _ => (null, false),
    };

    private static List<Field> Tagged(Structure structure) => [.. structure.Fields.Where(f => f.Tag is not null).OrderBy(f => f.Tag)];

    private FieldSource Source(Structure structure, Field field) => new(
        _schema,
        structure.Name,
        structure.Versions,
        field,
        field.IsStructure ? LeastBytes.Of(_schema, _structures[field.Type], n => _structures[n]) : 0);
}
