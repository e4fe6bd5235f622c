using System.Text;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Protocol;

public sealed class FramingTests
{
    private const int Max = 1000;

    [Theory]
    [InlineData("00000008", 8)]
    [InlineData("000003E8", 1000)]
    public void A_requests_length_goes_ahead_of_it(string hex, int length) =>
        Assert.Equal(length, Framing.ReadLength(Convert.FromHexString(hex), Max));

    [Theory]
    [InlineData("000003E9", "The request claims 1001 bytes; 8 to 1000 are allowed.")]
    [InlineData("00000007", "The request claims 7 bytes; 8 to 1000 are allowed.")]
    [InlineData("FFFFFFFF", "The request claims -1 bytes; 8 to 1000 are allowed.")]
    [InlineData("80000000", "The request claims -2147483648 bytes; 8 to 1000 are allowed.")]
    public void One_that_is_too_long_or_too_short_is_refused_before_it_is_read(string hex, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ProtocolException>(() => Framing.ReadLength(Convert.FromHexString(hex), Max)).Message);

    [Theory]
    [InlineData("GET /", "HTTP")]
    [InlineData("POST /", "HTTP")]
    [InlineData("HEAD /", "HTTP")]
    [InlineData("PRI * HTTP/2.0", "HTTP/2")]
    [InlineData("\u0016\u0003\u0001\u0002", "TLS")]
    public void Who_speaks_another_protocol_is_told_apart(string bytes, string protocol) => Assert.Equal(
        $"The connection speaks {protocol}, not Kafka's protocol.",
        Assert.Throws<ProtocolException>(() => Framing.ReadLength(Encoding.Latin1.GetBytes(bytes).AsSpan(0, 4), Max)).Message);

    [Fact]
    public void A_header_may_have_tagged_fields_that_nobody_knows_and_no_clients_name()
    {
        // Metadata 9 as request 5, no name; one tagged field, 1000, of two bytes.
        var reader = new ProtocolReader(Convert.FromHexString("0003" + "0009" + "00000005" + "FFFF" + "01" + "E807" + "02" + "AABB"));
        var header = RequestHeader.ReadStart(ref reader);

        Assert.Equal(new RequestHeader(3, 9, 5, null), header.ReadRest(ref reader, ApiCatalog.Get(ApiKey.Metadata).RequestHeaderVersion(9)));
        reader.ExpectEnd();
    }

    [Fact]
    public void A_header_that_is_cut_off_is_refused()
    {
        var header = Convert.FromHexString("0003" + "0009" + "00000005" + "0002" + "6162" + "00");
        for (var length = 0; length < header.Length; length++)
        {
            Assert.Throws<ProtocolException>(() =>
            {
                var reader = new ProtocolReader(header.AsMemory(0, length));
                RequestHeader.ReadStart(ref reader).ReadRest(ref reader, RequestHeader.Flexible);
            });
        }
    }

    [Fact]
    public void The_header_of_a_response_says_which_request_it_answers()
    {
        using var writer = new ProtocolWriter();
        ResponseHeader.Write(writer, 7, flexible: false);
        ResponseHeader.Write(writer, 8, flexible: true);
        var reader = new ProtocolReader(writer.ToArray());

        Assert.Equal("00000007" + "00000008" + "00", Convert.ToHexString(writer.ToArray()));
        Assert.Equal(7, ResponseHeader.Read(ref reader, flexible: false));
        Assert.Equal(8, ResponseHeader.Read(ref reader, flexible: true));
        reader.ExpectEnd();
    }
}
