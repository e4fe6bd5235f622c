using System.Text.Json;
using Groundwork.Platform.Http;

namespace Groundwork.Platform.Tests.Http;

/// <summary>How the members of a JSON merge patch are read.</summary>
public sealed class OptionalTests
{
    [Fact]
    public void What_is_absent_stays_what_is_null_goes_and_a_value_replaces()
    {
        var patch = Read("""{"name":null,"count":3}""");
        Assert.Null(patch.Name.Or("there"));
        Assert.Equal(3, patch.Count.Or(2));
        Assert.Equal(["there"], patch.Labels.Or(["there"]));
        Assert.Equal((true, true, false), (patch.Name.IsSet, patch.Count.IsSet, patch.Labels.IsSet));
        Assert.False(Read("{}").Name.IsSet);
    }

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var patch = Read("""
            {"name":"n","count":0,"certain":false,"made_at":"2026-11-24T12:00:00Z","colour":"deep_red","labels":["a","b"],"part":{"name":"p","weight":1.5}}
            """);
        Assert.Equal("n", patch.Name.Value);
        Assert.Equal(0, patch.Count.Value);
        Assert.False(patch.Certain.Value);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), patch.MadeAt.Value);
        Assert.Equal(Colour.DeepRed, patch.Colour.Value);
        Assert.Equal(["a", "b"], patch.Labels.Value!);
        Assert.Equal(new Part("p", 1.5), patch.Part.Value);
        Assert.All(
            (bool[])[patch.Name.IsSet, patch.Count.IsSet, patch.Certain.IsSet, patch.MadeAt.IsSet, patch.Colour.IsSet, patch.Labels.IsSet, patch.Part.IsSet],
            Assert.True);
    }

    [Theory]
    [InlineData("""{"count":"3"}""", "$.count")]
    [InlineData("""{"count":3.5}""", "$.count")]
    [InlineData("""{"count":99999999999}""", "$.count")]
    [InlineData("""{"count":[]}""", "$.count")]
    [InlineData("""{"certain":null}""", "$.certain")]
    [InlineData("""{"name":7}""", "$.name")]
    [InlineData("""{"made_at":"yesterday"}""", "$.made_at")]
    [InlineData("""{"colour":1}""", "$.colour")]
    [InlineData("""{"colour":"mauve"}""", "$.colour")]
    [InlineData("""{"labels":"a"}""", "$.labels")]
    [InlineData("""{"labels":["a",7]}""", "$.labels")]
    [InlineData("""{"part":{"name":"p","weight":"heavy"}}""", "$.part")]
    [InlineData("""{"part":{"size":1}}""", "$.part")]
    [InlineData("""{"name":"a","name":"b"}""", "$")]
    [InlineData("""{"unknown":1}""", "$")]
    public void What_is_not_of_the_kind_is_refused_and_the_path_to_it_told(string json, string path) =>
        Assert.StartsWith(path, Assert.Throws<JsonException>(() => Read(json)).Path, StringComparison.Ordinal);

    [Fact]
    public void A_null_in_place_of_the_patch_is_no_patch() => Assert.Null(JsonSerializer.Deserialize<Patch>("null", HttpJson.Options));

    [Fact]
    public void Set_to_the_default_is_not_the_same_as_not_set()
    {
        Assert.NotEqual(default, new Optional<int?>(null));
        Assert.Equal(new Optional<int?>(null), new Optional<int?>(null));
    }

    [Fact]
    public void What_is_written_is_the_value()
    {
        var json = JsonSerializer.Serialize(Read("""{"name":"n","count":3,"labels":["a"]}"""), HttpJson.Options);
        using var written = JsonDocument.Parse(json);
        Assert.Equal("n", written.RootElement.GetProperty("name").GetString());
        Assert.Equal(3, written.RootElement.GetProperty("count").GetInt32());
        Assert.Equal("a", written.RootElement.GetProperty("labels")[0].GetString());
    }

    private static Patch Read(string json) => JsonSerializer.Deserialize<Patch>(json, HttpJson.Options)!;

    private sealed record Patch
    {
        public Optional<string> Name { get; init; }

        public Optional<int?> Count { get; init; }

        public Optional<bool> Certain { get; init; }

        public Optional<DateTimeOffset?> MadeAt { get; init; }

        public Optional<Colour?> Colour { get; init; }

        public Optional<IReadOnlyList<string>> Labels { get; init; }

        public Optional<Part> Part { get; init; }
    }
}
