using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Protocol.Generator;

namespace Groundwork.Broker.Tests.Protocol;

public sealed class SchemaReaderTests
{
    private const string Head = "api 99 Toys\nversions 0-5\nserved 1-5\nflexible 3+\n\n";

    [Fact]
    public void A_file_of_the_table_is_read_as_its_notation_says()
    {
        var schema = SchemaReader.Read("Toys.api", Head + """
            request  # Asks for toys.
              Shelf      string?2+  = null
              Toys       []Toy?     1-4 ignorable  # Which ones.
                Colour   int8       2+ = -1
              Hint       int32      4+ = 7 tag 0

            response
              ErrorCode  error
            """);

        Assert.Equal((short)99, schema.Key);
        Assert.Equal(new VersionRange(1, 5), schema.Served);
        var request = schema.Messages[0];
        Assert.Equal(("ToysRequest", "Asks for toys."), (request.Name, request.Summary));
        var (shelf, toys, hint) = (request.Fields[0], request.Fields[1], request.Fields[2]);
        Assert.Equal((new VersionRange(0, 5), new VersionRange(2, 5), "null"), (shelf.Versions, shelf.Nullable, shelf.Default));
        Assert.Equal((true, true, "Toy", "Which ones."), (toys.IsArray, toys.Ignorable, toys.Type, toys.Summary));
        Assert.Equal((new VersionRange(1, 4), new VersionRange(1, 4)), (toys.Versions, toys.Nullable));
        Assert.Equal(new VersionRange(2, 4), toys.Structure!.Fields[0].Versions);
        Assert.Equal((0, "7"), (hint.Tag, hint.Default));
        Assert.Equal("ToysResponse", schema.Messages[1].Name);
    }

    [Theory]
    [InlineData("request\n  A int32 9+", "Toys.api, at \"A int32 9+\": A exists in 9-5, and what it is in, in 0-5.")]
    [InlineData("request\n  A int32 odd", "Toys.api, at \"A int32 odd\": odd is not known.")]
    [InlineData("request\n  A int32\n     B int32", "Toys.api, at \"B int32\": the indent is 5, and 2 was expected.")]
    [InlineData("request\nresponse\nanswer", "Toys.api, at \"answer\": a message begins with request, response or fields.")]
    public void What_is_not_in_the_notation_is_refused(string text, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<InvalidDataException>(() => SchemaReader.Read("Toys.api", Head + text)).Message);

    [Theory]
    [InlineData("request\n  A odd", "There is no type odd.")]
    [InlineData("request\n  Toy Toy\n    Size int32", "Toys.api: a field and a structure of ToysRequest are both called Toy.")]
    public void What_no_class_can_be_made_of_is_refused(string text, string sentence)
    {
        var schema = SchemaReader.Read("Toys.api", Head + text);

        Assert.Equal(sentence, Assert.Throws<InvalidDataException>(() => MessageSource.Of(schema, schema.Messages[0])).Message);
    }
}
