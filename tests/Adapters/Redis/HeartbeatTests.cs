using Groundwork.Redis.Tracking;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Redis.Tests;

/// <summary>Up to when an answer vouches that everything was told.</summary>
public sealed class HeartbeatTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void An_answer_vouches_for_the_question_before()
    {
        var heartbeat = new Heartbeat(_clock);
        Assert.Null(heartbeat.Silence);

        heartbeat.Begin();
        Pass(10);
        heartbeat.Ask();
        Assert.True(heartbeat.IsWaiting);
        Assert.Null(heartbeat.Silence);
        Pass(5);
        heartbeat.Answered();
        Assert.Equal(TimeSpan.FromMilliseconds(15), heartbeat.Silence);

        Pass(100);
        heartbeat.Ask();
        Pass(7);
        heartbeat.Answered();
        Assert.Equal(TimeSpan.FromMilliseconds(112), heartbeat.Silence);
        Assert.False(heartbeat.IsWaiting);
    }

    [Fact]
    public void Silence_grows_until_the_answer_comes()
    {
        var heartbeat = new Heartbeat(_clock);
        heartbeat.Begin();
        heartbeat.Ask();
        heartbeat.Answered();
        heartbeat.Ask();

        Pass(500);
        Assert.Equal(TimeSpan.FromMilliseconds(500), heartbeat.Silence);
        Assert.Equal(TimeSpan.FromMilliseconds(500), heartbeat.Waited);
    }

    private void Pass(int ms) => _clock.Advance(TimeSpan.FromMilliseconds(ms));
}
