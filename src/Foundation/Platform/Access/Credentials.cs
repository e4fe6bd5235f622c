using System.Net;
using Groundwork.Platform.Access.Keys;
using Groundwork.Platform.Access.Tokens;
using Groundwork.Ports.Modules;

namespace Groundwork.Platform.Access;

/// <summary>
/// What a protocol asks before it opens a listener: whether an address other than loopback may be served at all.
/// </summary>
public sealed class Credentials
{
    private readonly KeyStore _keys;
    private readonly TokenVerifier _tokens;
    private readonly TimeProvider _time;

    internal Credentials(KeyStore keys, TokenVerifier tokens, TimeProvider time) => (_keys, _tokens, _time) = (keys, tokens, time);

    /// <summary>Does nothing for loopback; for any other address, wildcards included, wants a key that holds, or an authority.</summary>
    /// <param name="setting">The setting that names the address: <c>Http:Listen</c>.</param>
    /// <param name="endpoint">Where it is about to listen.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StartRefusedException">There is neither; the message says what to type.</exception>
    public async Task RequireForAsync(string setting, IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        if (IPAddress.IsLoopback(endpoint.Address) || _tokens.IsConfigured || await _keys.AnyLiveAsync(_time.GetUtcNow(), cancellationToken))
            return;
        throw Refusal(setting, endpoint);
    }

    /// <summary>The same where the module may be absent: then there are no credentials.</summary>
    internal static Task RequireForAsync(Credentials? credentials, string setting, IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        if (credentials is not null)
            return credentials.RequireForAsync(setting, endpoint, cancellationToken);
        return IPAddress.IsLoopback(endpoint.Address) ? Task.CompletedTask : throw Refusal(setting, endpoint);
    }

    private static StartRefusedException Refusal(string setting, IPEndPoint endpoint) => new(
        $"{setting}={endpoint} can be reached from other machines, and there is no credential yet, so nothing is served. "
        + "Make a key first, with the same settings: groundwork keys create admin --scope '*' "
        + $"(or set Access:Authority and Access:Audience; or listen on loopback, --{setting}=127.0.0.1:{endpoint.Port}).");
}
