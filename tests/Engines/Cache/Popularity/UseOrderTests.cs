using Groundwork.Cache.Popularity;

namespace Groundwork.Cache.Tests.Popularity;

public sealed class UseOrderTests
{
    [Fact]
    public void It_knows_how_many_others_were_used_since_whatever_comes()
    {
        const int Capacity = 37;
        var (random, order, model) = (new Random(3), new UseOrder(Capacity), new List<int>());
        for (var step = 0; step < 20_000; step++)
        {
            var thing = random.Next(Capacity);
            var at = model.IndexOf(thing);
            if (at >= 0)
            {
                Assert.Equal(model.Count - 1 - at, order.Remove(thing));
                model.RemoveAt(at);
            }

            // Some go and do not come back at once.
            if (at < 0 || random.Next(4) > 0)
            {
                order.Add(thing);
                model.Add(thing);
            }

            Assert.Equal(model.Count, order.Count);
            if (model.Count > 0)
                Assert.Equal(model[0], order.Oldest);
        }
    }
}
