using Groundwork.Broker.Groups.Membership;

namespace Groundwork.Broker.Tests.Groups.Membership;

public sealed class DeadlineQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Deadlines_come_when_a_list_of_them_would_say_so_and_no_more_places_are_kept_than_twice_as_many(int seed)
    {
        var random = new Random(seed);
        var queue = new DeadlineQueue<Session>();
        var sessions = Enumerable.Range(0, 50).Select(i => new Session($"{i}")).ToArray();
        var model = new Dictionary<string, long>();
        var now = 0L;
        for (var step = 0; step < 100_000; step++)
        {
            var session = sessions[random.Next(sessions.Length)];
            switch (random.Next(10))
            {
                case < 7:
                    var until = now + random.Next(1, 1000);
                    queue.Set(session, until);
                    model[session.MemberId] = until;
                    break;
                case 7:
                    queue.Set(session, Moment.Never);
                    model.Remove(session.MemberId);
                    break;
                default:
                    now += random.Next(20);
                    var due = model.Where(deadline => deadline.Value <= now).Select(deadline => deadline.Key).Order().ToList();
                    var taken = new List<string>();
                    while (queue.TryTake(now, out var ended))
                        taken.Add(ended.MemberId);
                    Assert.Equal(due, taken.Order());
                    due.ForEach(id => model.Remove(id));
                    break;
            }

            Assert.True(queue.Next <= (model.Count > 0 ? model.Values.Min() : Moment.Never));
            Assert.InRange(queue.Places, 0, (2 * sessions.Length) + 1);
        }
    }
}
