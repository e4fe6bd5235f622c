using Google.Protobuf;
using Groundwork.RateLimits.Envoy.Messages;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Groundwork.RateLimits.Envoy;

/// <summary>
/// How gRPC finds <see cref="EnvoyRateLimits"/>. Generated code would do the same, but say of a message that cannot be read that the server failed.
/// </summary>
internal sealed class EnvoyMethods : IServiceMethodProvider<EnvoyRateLimits>
{
    // As rls.proto names it. The generated descriptor knows it too, but reads the whole of itself and of its types before it says so.
    private const string ServiceName = "envoy.service.ratelimit.v3.RateLimitService";

    private static readonly Method<RateLimitRequest, RateLimitResponse> ShouldRateLimit = new(
        MethodType.Unary,
        ServiceName,
        nameof(ShouldRateLimit),
        Marshallers.Create(Write, context => Read(context, RateLimitRequest.Parser)),
        Marshallers.Create(Write, context => Read(context, RateLimitResponse.Parser)));

    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<EnvoyRateLimits> context) => context.AddUnaryMethod(
        ShouldRateLimit, [], (service, request, call) => service.ShouldRateLimitAsync(request, call.CancellationToken));

    private static void Write(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    private static T Read<T>(DeserializationContext context, MessageParser<T> parser)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(context.PayloadAsReadOnlySequence());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw RequestChecks.Invalid($"The message cannot be read: {e.Message}");
        }
    }
}
