using System.Buffers;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using StackExchange.Redis;

namespace Groundwork.Redis.Limits;

/// <summary>
/// What somebody asks of limits, until it is answered or who asked has left. The answer comes once, to whoever is still there.
/// </summary>
internal sealed class LimitRequest
{
    private const int Waiting = 0;
    private const int Answered = 1;
    private const int Left = 2;

    private readonly Memory<LimitDecision> _decisions;
    private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    /// <summary>Writes down what is asked: who asked may leave, and have its takes back, before it is sent.</summary>
    public LimitRequest(SpaceKeys space, LimitStep step, ReadOnlySpan<LimitTake> takes, Memory<LimitDecision> decisions)
    {
        _decisions = step is LimitStep.Take or LimitStep.Peek ? decisions[..takes.Length] : default;
        AnswerBytes = LimitScript.AnswerBytes(_decisions.Length);
        var arguments = new ArrayBufferWriter<byte>(LimitScript.MaxBytes(takes.Length));
        LimitScript.Write(arguments, step, takes);
        Arguments = arguments.WrittenMemory;
        Bytes = Arguments.Length;

        Keys = new RedisKey[takes.Length];
        Span<byte> longest = stackalloc byte[LimitStoreLimits.MaxKeyBytes + sizeof(ulong)];
        for (var i = 0; i < takes.Length; i++)
        {
            var name = longest[..takes[i].NameLength];
            takes[i].WriteName(name);
            Keys[i] = space.Value(name);
            Bytes += name.Length;
        }
    }

    /// <summary>The limits' keys.</summary>
    public RedisKey[] Keys { get; }

    /// <summary>What the script is told.</summary>
    public ReadOnlyMemory<byte> Arguments { get; }

    /// <summary>How many bytes its answer has.</summary>
    public int AnswerBytes { get; }

    /// <summary>About how many bytes it sends.</summary>
    public long Bytes { get; }

    /// <summary>Whether all allowed it.</summary>
    public Task<bool> Answer => _answer.Task;

    /// <summary>Whether nobody waits for it any more; what was sent already may be done all the same.</summary>
    public bool IsLeft => Volatile.Read(ref _state) == Left;

    /// <summary>Who asked leaves, and its decisions are its own again.</summary>
    /// <returns>False where the answer has come.</returns>
    public bool Leave() => Interlocked.CompareExchange(ref _state, Left, Waiting) == Waiting;

    /// <summary>The answer has come.</summary>
    public void Complete(ReadOnlySpan<byte> answer)
    {
        if (Interlocked.CompareExchange(ref _state, Answered, Waiting) == Waiting)
            _answer.SetResult(LimitScript.Read(answer, _decisions.Span));
    }

    /// <summary>There will be none.</summary>
    public void Fail(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _state, Answered, Waiting) == Waiting)
            _answer.SetException(failure);
    }
}
