using System.Text.RegularExpressions;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands.Tracking;

/// <summary>Copies that clients keep by what they are told, beside the keys themselves.</summary>
public sealed partial class TrackingModelTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Theory]
    [InlineData("client tracking on", 0)]
    [InlineData("client tracking on", 7)]
    [InlineData("client tracking on bcast", 0)]
    [InlineData("client tracking on bcast prefix k prefix x", 0)]
    public void Whoever_forgets_what_it_is_told_of_has_no_copy_that_is_out_of_date(string tracking, int maxKeys)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(seed));
            var random = new Random(seed);
            var clients = Enumerable.Range(0, 4).Select(_ => new Copies(engine, tracking)).ToList();
            clients[0].Client.Ask($"config set tracking-table-max-keys {maxKeys}");
            for (var step = 0; step < 500; step++)
                Step(clients[random.Next(clients.Count)], random);
            foreach (var client in clients)
                client.Check();
        }
    }

    private void Step(Copies client, Random random)
    {
        var key = $"k{random.Next(20)}";
        switch (random.Next(12))
        {
            case < 6:
                client.Read(key);
                break;
            case 6:
                client.Client.Ask($"set {key} {random.Next(100)}");
                break;
            case 7:
                client.Client.Ask($"set {key} {random.Next(100)} px {random.Next(1, 50)}");
                break;
            case 8:
                client.Client.Ask($"del {key} k{random.Next(20)}");
                break;
            case 9:
                client.Client.AskAll($"multi; set {key} 1; incr k{random.Next(20)}; rename {key} k{random.Next(20)}; exec");
                break;
            case 10:
                _time.Advance(TimeSpan.FromMilliseconds(random.Next(30)));
                break;
            default:
                if (random.Next(20) == 0)
                    client.Client.Ask("flushall");
                break;
        }
    }

    private sealed partial class Copies
    {
        private readonly Dictionary<string, string> _copies = [];
        private int _seen;

        public Copies(CacheEngine engine, string tracking)
        {
            Client = new CacheClient(engine);
            Client.AskAll("hello 3; " + tracking);
        }

        public CacheClient Client { get; }

        public void Read(string key)
        {
            Forget();
            if (!_copies.ContainsKey(key))
                _copies[key] = Client.Ask($"get {key}");
        }

        public void Check()
        {
            // Whatever expires is told when it goes.
            Client.Ask("keys *");
            Forget();
            var copies = _copies.ToList();
            foreach (var (key, copy) in copies)
            {
                var now = Client.Ask($"get {key}");
                Forget();
                if (_copies.ContainsKey(key))
                    Assert.Equal(now, copy);
            }
        }

        private void Forget()
        {
            var posted = Client.Posted;
            foreach (Match told in Told().Matches(posted[_seen..]))
            {
                if (told.Groups[1].Value.StartsWith('_'))
                    _copies.Clear();
                foreach (Match key in Key().Matches(told.Groups[1].Value))
                    _copies.Remove(key.Value);
            }

            _seen = posted.Length;
        }

        [GeneratedRegex(@"invalidate\|([^>]*)")]
        private static partial Regex Told();

        [GeneratedRegex(@"k\d+")]
        private static partial Regex Key();
    }
}
