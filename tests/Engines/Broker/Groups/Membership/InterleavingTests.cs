using System.Text;
using CsCheck;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Groups.Membership;

/// <summary>Members who do anything in any order, over writes that are slow or fail: what a generation promises holds, and they come to rest together.</summary>
public sealed class InterleavingTests
{
    private static readonly Gen<(int What, int Who, int Amount)[]> Steps = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 4], Gen.Int[0, 12_000]).Array[1, 120];

    [Fact]
    public void A_generation_has_one_leader_one_protocol_and_one_assignment_whatever_its_members_do() =>
        Steps.Sample(steps => new Model().Run(steps), iter: 3000, threads: 1);

    [Fact]
    public void Whatever_happened_before_members_that_go_on_come_to_rest_in_one_generation() =>
        Steps.Sample(
            steps =>
            {
                var model = new Model();
                model.Run(steps);
                model.ComeToRest();
            },
            iter: 1000,
            threads: 1);

    private sealed class Model
    {
        private const int GuidLength = 36;

        private readonly GroupScene _scene = new(new GroupRules { MaxMembers = 4 });
        private readonly Consumer[] _consumers;
        private readonly Dictionary<int, (string Leader, string Protocol)> _generations = [];
        private readonly Dictionary<int, int> _assignments = [];
        private int _last;
        private int _attempts;

        public Model() => _consumers = [.. Enumerable.Range(0, 5).Select(Create)];

        public void Run((int What, int Who, int Amount)[] steps)
        {
            foreach (var (what, who, amount) in steps)
            {
                Do(what, who, amount);
                Assert.True(_scene.Group.State != GroupState.PreparingRebalance || _scene.Group.NextDeadline < Moment.Never);
            }
        }

        /// <summary>Everybody does what a client does, until all are in one stable generation.</summary>
        public void ComeToRest()
        {
            _scene.HoldsWrites = false;
            _scene.FinishWrites(ErrorCode.None);
            var clients = _consumers.Take(_scene.Rules.MaxMembers).ToArray();
            _consumers[^1].Leave();
            for (var second = 0; second < 600; second++)
            {
                foreach (var client in clients)
                    GoOn(client);
                _scene.Elapse(1000);
                if (clients.All(IsAtRest) && clients.Select(client => client.Generation).Distinct().Count() == 1)
                    return;
            }

            Assert.Fail($"The group is {_scene.Group.State} after ten minutes.");
        }

        private static bool IsAtRest(Consumer client) =>
            !client.Joined.IsPending && !client.Synced.IsPending
            && client.Joined.Answer.Error == ErrorCode.None && client.Synced.Answer.Error == ErrorCode.None
            && client.Heartbeat() == ErrorCode.None;

        private void Do(int what, int who, int amount)
        {
            var consumer = _consumers[who];
            switch (what)
            {
                case < 5:
                    consumer.Join();
                    break;
                case < 9:
                    Sync(consumer);
                    break;
                case 9:
                    consumer.HeartbeatAs(_last);
                    break;
                case 10:
                    if (amount < 6000)
                        consumer.Leave();
                    else
                        consumer.Disconnect();
                    break;
                case 11:
                    // A new process: it knows neither its id nor what it waited for.
                    _consumers[who] = Create(who);
                    break;
                case 12:
                    consumer.Protocols = amount % 3 == 0 ? ["range"] : amount % 3 == 1 ? ["sticky", "range"] : ["range", "sticky"];
                    break;
                case 13:
                    _scene.HoldsWrites = amount % 2 == 0;
                    if (!_scene.HoldsWrites)
                        _scene.FinishWrites(amount % 3 == 0 ? ErrorCode.NotCoordinator : ErrorCode.None);
                    break;
                default:
                    _scene.Elapse(amount);
                    break;
            }
        }

        private void GoOn(Consumer client)
        {
            if (client.Joined.IsPending && client.Joined.IsWaiting)
                return;
            if (client.Joined.IsPending)
            {
                client.Join();
                return;
            }

            if (client.Joined.Answer.Error != ErrorCode.None)
            {
                client.MemberId = "";
                client.Join();
            }
            else if (client.Heartbeat() is var error and not ErrorCode.None)
            {
                if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
                    client.MemberId = "";
                client.Join();
            }
            else if (!client.Synced.IsWaiting && (client.Synced.IsPending || client.Synced.Answer.Error != ErrorCode.None || client.SyncedGeneration != client.Generation))
            {
                Sync(client);
            }
        }

        private Consumer Create(int who)
        {
            var name = $"{who}";
            var consumer = _scene.Consumer(name, instanceId: who < 2 ? name : null, protocols: ["range", "sticky"], rebalanceMs: 20_000);
            consumer.LookAtJoin = answer => LookAtJoin(consumer, answer);
            consumer.LookAtSync = (generation, answer) => LookAtSync(name, generation, answer);
            return consumer;
        }

        private void Sync(Consumer consumer)
        {
            if (consumer.Joined.Answers is not [{ Error: ErrorCode.None } joined])
                return;
            var attempt = ++_attempts;
            consumer.SyncAs(
                joined.Generation,
                joined.Leader == joined.MemberId && !joined.SkipAssignment
                    ? [.. joined.Members.Select(member => new MemberAssignment(member.MemberId, Encoding.UTF8.GetBytes($"{joined.Generation} {attempt} {NameOf(member.MemberId)}")))]
                    : []);
        }

        private void LookAtJoin(Consumer consumer, JoinAnswer answer)
        {
            if (answer.Error != ErrorCode.None)
                return;
            consumer.MemberId = answer.MemberId;
            Assert.Equal(_scene.Group.Generation, answer.Generation);
            Assert.True(answer.Generation >= _last);
            _last = answer.Generation;

            // A leader that is started again has another id, and is the same leader.
            var said = (NameOf(answer.Leader), answer.Protocol!);
            if (!_generations.TryAdd(answer.Generation, said))
                Assert.Equal(_generations[answer.Generation], said);
            Assert.True(answer.Members.Count == 0 || answer.Leader == answer.MemberId);
            Assert.InRange(answer.Members.Count, 0, _scene.Rules.MaxMembers);
        }

        private void LookAtSync(string name, int generation, SyncAnswer answer)
        {
            if (answer.Error != ErrorCode.None)
                return;
            Assert.Equal(_scene.Group.Generation, generation);
            Assert.Equal(_generations[generation].Protocol, answer.Protocol);
            if (answer.Assignment.Length == 0)
                return;
            var words = Encoding.UTF8.GetString(answer.Assignment.Span).Split(' ');
            Assert.Equal((generation, name), (int.Parse(words[0]), words[2]));
            var attempt = int.Parse(words[1]);
            Assert.True(_assignments.TryAdd(generation, attempt) || _assignments[generation] == attempt);
        }

        private static string NameOf(string memberId) => memberId[..^(GuidLength + 1)];
    }
}
