using CsCheck;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

/// <summary>Whatever bytes come, what is not a message is refused with a sentence, and costs no more than it sent.</summary>
public sealed class MalformedTests
{
    private static readonly Gen<Random> Randoms = Gen.Int.Select(seed => new Random(seed));

    [Fact]
    public void A_message_that_is_cut_off_anywhere_is_refused()
    {
        foreach (var (schema, message, version) in Table.Versions)
        {
            var sent = new SampleMessages(message, version, new Random(version)).Make();
            var bytes = MessageCodec.Write(sent, version);
            for (var length = 0; length < Math.Min(bytes.Length, 500); length++)
                Assert.Throws<ProtocolException>(() => MessageCodec.Read(schema, message, version, bytes.AsMemory(0, length)));
        }
    }

    [Fact]
    public void Damaged_bytes_are_read_as_something_else_or_refused_and_nothing_worse()
    {
        foreach (var (schema, message, version) in Table.Versions)
        {
            Randoms.Sample(
                random =>
                {
                    var bytes = MessageCodec.Write(new SampleMessages(message, version, random).Make(), version);
                    for (var i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
                        bytes[random.Next(bytes.Length)] = Hostile(random);

                    Assert.True(Record.Exception(() => MessageCodec.Read(schema, message, version, bytes)) is null or ProtocolException);
                },
                iter: 30,
                threads: 1);
        }
    }

    [Fact]
    public void Noise_is_refused_and_allocates_in_proportion_to_its_size()
    {
        foreach (var (schema, message, version) in Table.Versions)
        {
            Randoms.Sample(
                random =>
                {
                    var bytes = new byte[random.Next(2000)];
                    for (var i = 0; i < bytes.Length; i++)
                        bytes[i] = random.Next(3) == 0 ? Hostile(random) : (byte)random.Next(4);

                    var before = GC.GetAllocatedBytesForCurrentThread();
                    var thrown = Record.Exception(() => MessageCodec.Read(schema, message, version, bytes));
                    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

                    Assert.True(thrown is null or ProtocolException);
                    // A byte can be a structure of its own, with a list in it: some 200 bytes of objects.
                    Assert.InRange(allocated, 0, 100_000 + (bytes.Length * 300L));
                },
                iter: 5,
                threads: 1);
        }
    }

    [Theory]
    [InlineData("7FFFFFFF", "The array at byte 0 claims 2147483647 elements, and 0 bytes follow.")]
    [InlineData("80000000", "The array at byte 0 claims -2147483648 elements.")]
    [InlineData("FFFFFFFF", "The array before byte 4 is null, and may not be.")]
    [InlineData("000000020000000100", "The array at byte 0 claims 2 elements, and 5 bytes follow.")]
    public void An_array_must_fit_into_what_follows(string hex, string sentence) =>
        Refused(hex, sentence, (ref ProtocolReader reader) => reader.ReadInt32Array([], flexible: false));

    [Theory]
    [InlineData("FFFFFFFF0F", "The array at byte 0 claims 4294967294 elements, and 0 bytes follow.")]
    [InlineData("00", "The array before byte 1 is null, and may not be.")]
    public void So_must_one_with_a_short_count(string hex, string sentence) =>
        Refused(hex, sentence, (ref ProtocolReader reader) => reader.ReadInt32Array([], flexible: true));

    [Fact]
    public void A_message_has_no_more_than_a_million_elements()
    {
        // As many names as fit, of no letters: a byte each, and thirty times as much in memory.
        using var writer = new ProtocolWriter();
        writer.WriteLength(ProtocolReader.MaxElements + 1, flexible: true);
        writer.WriteBytes(new byte[2 * ProtocolReader.MaxElements], flexible: true);

        Refused(
            Convert.ToHexString(writer.ToArray()),
            "The message has more than 1000000 elements, with the array at byte 0.",
            (ref ProtocolReader reader) => reader.ReadStringArray([], flexible: true));
    }

    [Theory]
    [InlineData("7FFF41", "The length at byte 0 is 32767, and 1 bytes follow.")]
    [InlineData("FFFE", "The length at byte 0 is -2.")]
    [InlineData("FFFF", "The string before byte 2 is null, and may not be.")]
    [InlineData("0002C328", "The string at byte 0 is not UTF-8.")]
    [InlineData("00", "The message ends at byte 1, 1 bytes short of the field at byte 0.")]
    public void A_string_must_be_whole_and_text(string hex, string sentence) =>
        Refused(hex, sentence, (ref ProtocolReader reader) => reader.ReadString(flexible: false));

    [Fact]
    public void A_short_length_allows_no_longer_strings() => Refused(
        "818002" + new string('4', 2 * 32768),
        "The string at byte 0 has 32768 bytes; 32767 are allowed.",
        (ref ProtocolReader reader) => reader.ReadString(flexible: true));

    [Theory]
    [InlineData("FFFFFFFF1F")]   // 33 bits
    [InlineData("808080808001")] // six bytes
    public void A_varint_has_five_bytes_and_32_bits_at_most(string hex) => Refused(
        hex,
        "The varint at byte 0 is larger than 32 bits.",
        (ref ProtocolReader reader) => reader.ReadUnsignedVarint());

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFF03")]
    [InlineData("8080808080808080808001")]
    public void A_varlong_has_ten_bytes_and_64_bits_at_most(string hex) => Refused(
        hex,
        "The varint at byte 0 is larger than 64 bits.",
        (ref ProtocolReader reader) => reader.ReadVarlong());

    [Theory]
    [InlineData("05", "The message at byte 0 claims 5 tagged fields, and 0 bytes follow.")]
    [InlineData("010005AA", "The tagged field 0 at byte 2 claims 5 bytes, and 1 follow.")]
    public void Tagged_fields_must_fit_into_what_follows(string hex, string sentence) =>
        Refused(hex, sentence, (ref ProtocolReader reader) => reader.SkipTaggedFields());

    [Fact]
    public void A_tagged_field_must_be_as_long_as_it_says()
    {
        // Fetch 12's cluster id as field 0, said to have 5 bytes and having 2; then its null terminator.
        var fetch = new byte[] { 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 5, 2, (byte)'x', 0, 0, 0 };
        var refused = Assert.Throws<ProtocolException>(() =>
        {
            var reader = new ProtocolReader(fetch);
            FetchRequest.Read(ref reader, 12);
        });

        Assert.Equal("The tagged field 0 ends at byte 36, and its contents at byte 33.", refused.Message);
    }

    [Fact]
    public void Bytes_behind_a_message_are_refused() =>
        Refused("0000", "2 bytes are left over behind the message's end at byte 0.", (ref ProtocolReader reader) => reader.ExpectEnd());

    private static byte Hostile(Random random) => random.Next(6) switch
    {
        0 => 0xff,
        1 => 0x7f,
        2 => 0x80,
        3 => 0x00,
        _ => (byte)random.Next(256),
    };

    private static void Refused(string hex, string sentence, Reading read)
    {
        var refused = Assert.Throws<ProtocolException>(() =>
        {
            var reader = new ProtocolReader(Convert.FromHexString(hex));
            read(ref reader);
        });
        Assert.Equal(sentence, refused.Message);
    }

    private delegate void Reading(ref ProtocolReader reader);
}
