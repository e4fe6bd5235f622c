using CsCheck;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

public sealed class RoundTripTests
{
    private static readonly Gen<Random> Randoms = Gen.Int.Select(seed => new Random(seed));

    [Fact]
    public void Every_message_is_written_as_the_table_says_and_comes_back_as_it_was_in_every_version()
    {
        foreach (var (schema, message, version) in Table.Versions)
        {
            Randoms.Sample(
                random =>
                {
                    var sent = new SampleMessages(message, version, random).Make();

                    var bytes = MessageCodec.Write(sent, version);

                    Assert.Equal(new ReferenceEncoding(schema, message, version).Encode(sent), bytes);
                    Assert.Equal(MessageText.Of(sent), MessageText.Of(MessageCodec.Read(schema, message, version, bytes)));
                },
                iter: 30,
                threads: 1);
        }
    }

    [Fact]
    public void Tagged_fields_that_are_not_known_are_left_out()
    {
        foreach (var (schema, message, version) in Table.Versions.Where(v => v.Version >= v.Schema.FlexibleFrom))
        {
            Randoms.Sample(
                random =>
                {
                    var sent = new SampleMessages(message, version, random).Make();

                    var bytes = new ReferenceEncoding(schema, message, version, unknownTags: true).Encode(sent);

                    Assert.Equal(MessageText.Of(sent), MessageText.Of(MessageCodec.Read(schema, message, version, bytes)));
                },
                iter: 10,
                threads: 1);
        }
    }

    [Fact]
    public void What_a_version_cannot_say_is_refused_unless_it_may_be_lost()
    {
        foreach (var (_, message, version) in Table.Versions)
        {
            foreach (var field in message.Fields.Where(f => !f.Versions.Contains(version)))
            {
                var made = (IMessage)Activator.CreateInstance(Table.Class(message))!;
                // As it is in a version that has it: an instance that has nothing else set.
                var alone = message with { Fields = [field with { Nullable = null }] };
                var property = made.GetType().GetProperty(field.Name)!;
                var random = new Random(7);
                for (var unset = MessageText.Of(property.GetValue(made)); MessageText.Of(property.GetValue(made)) == unset;)
                    property.SetValue(made, property.GetValue(new SampleMessages(alone, field.Versions.From, random).Make()));

                var refused = Record.Exception(() => MessageCodec.Write(made, version));

                Assert.Equal(field.Ignorable ? null : $"{message.Name}.{field.Name} is set, and version {version} cannot say it.", refused?.Message);
            }
        }
    }

    [Fact]
    public void A_null_that_a_version_cannot_say_is_refused()
    {
        var everything = new MetadataRequest { Topics = null };

        Assert.Equal("MetadataRequest.Topics is null, and version 0 cannot say so.", Assert.Throws<InvalidOperationException>(() => MessageCodec.Write(everything, 0)).Message);
        Assert.NotEmpty(MessageCodec.Write(everything, 1));
    }
}
