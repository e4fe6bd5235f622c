using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>What the broker does for one kind of request. Stateless: one object serves all.</summary>
internal abstract class Operation(ApiKey api)
{
    /// <summary>What is asked.</summary>
    public ApiKey Api => api;

    /// <summary>Whether the next request of the same kind may begin before this one is answered. What it must do in order it does before it first waits.</summary>
    public virtual bool Overlaps => false;

    /// <summary>Reads a request's body.</summary>
    /// <exception cref="ProtocolException">It is not formed as it should be.</exception>
    public abstract IRequest Read(ref ProtocolReader reader, short version);

    /// <summary>Does it.</summary>
    /// <returns>The answer; null where none is wanted.</returns>
    public abstract ValueTask<IResponse?> RunAsync(IRequest request, Call call);
}

/// <inheritdoc/>
internal abstract class Operation<TRequest>(ApiKey api) : Operation(api)
    where TRequest : IRequest, IReadable<TRequest>
{
    public sealed override IRequest Read(ref ProtocolReader reader, short version) => TRequest.Read(ref reader, version);

    public sealed override ValueTask<IResponse?> RunAsync(IRequest request, Call call) => RunAsync((TRequest)request, call);

    /// <inheritdoc cref="Operation.RunAsync(IRequest, Call)"/>
    protected abstract ValueTask<IResponse?> RunAsync(TRequest request, Call call);
}
