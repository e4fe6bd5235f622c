using System.Buffers.Binary;
using Groundwork.Broker.Benchmarks.Rivals;

namespace Groundwork.Broker.Tests.Benchmarks;

/// <summary>How the load counts what RabbitMQ answers.</summary>
public sealed class ConfirmCounterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Confirmations_count_by_the_records_in_them_in_pieces_of_any_length(int piece)
    {
        byte[] received = [.. Answer(RabbitFrames.PublishConfirm, 3), .. Answer(RabbitFrames.PublishConfirm, 1), .. Answer(RabbitFrames.PublishConfirm, 64)];
        var counter = new ConfirmCounter();

        Assert.Equal(68, received.Chunk(piece).Sum(part => counter.Count(part)));
    }

    [Fact]
    public void Records_that_are_not_stored_end_the_count()
    {
        var counter = new ConfirmCounter();

        var refused = Assert.Throws<InvalidOperationException>(() => counter.Count(Answer(RabbitFrames.PublishError, 1)));
        Assert.Contains("not stored", refused.Message, StringComparison.Ordinal);
    }

    // Length, key, version, publisher, how many, and their numbers.
    private static byte[] Answer(short key, int records)
    {
        var answer = new byte[13 + (8 * records)];
        BinaryPrimitives.WriteInt32BigEndian(answer, answer.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(answer.AsSpan(4), key);
        BinaryPrimitives.WriteInt16BigEndian(answer.AsSpan(6), 1);
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(9), records);
        return answer;
    }
}
