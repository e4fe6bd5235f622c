using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;

namespace Groundwork.RateLimits.Policies;

/// <summary>
/// Reads policies from JSON as people write it: comments and trailing commas are fine, unknown members are not. What is wrong is said with its place.
/// </summary>
internal static partial class PolicyReader
{
    /// <summary>How many policies there may be.</summary>
    public const int MaxPolicies = 200;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Options = MakeOptions();

    /// <summary>Reads them all, or says what is wrong with the first that is.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out IReadOnlyList<Policy> policies, out string? error)
    {
        policies = [];
        try
        {
            var file = JsonSerializer.Deserialize<PolicyFile>(json, Options) ?? throw new PolicyException("it says null");
            if (file.Policies.Count > MaxPolicies)
                throw new PolicyException($"it has {file.Policies.Count} policies; {MaxPolicies} are allowed");
            policies = [.. file.Policies.Select(p => Read(p.Key, p.Value))];
            error = null;
            return true;
        }
        catch (JsonException e)
        {
            error = $"at {(string.IsNullOrEmpty(e.Path) ? "$" : e.Path)}, line {e.LineNumber + 1}: {FirstSentence(e.Message)}";
            return false;
        }
        catch (PolicyException e)
        {
            error = e.Message;
            return false;
        }
    }

    /// <summary>Reads limits that somebody would put into a policy, or says what is wrong with the first that is, as of the file's.</summary>
    public static bool TryReadLimits(string policy, IReadOnlyList<LimitText> texts, out IReadOnlyList<Limit> limits, [NotNullWhen(false)] out string? error)
    {
        try
        {
            (limits, error) = (ReadLimits(policy, texts), null);
            return true;
        }
        catch (PolicyException e)
        {
            (limits, error) = ([], e.Message);
            return false;
        }
    }

    private static Policy Read(string name, PolicyText text)
    {
        if (!Name().IsMatch(name))
            throw new PolicyException($"the policy '{name}' has a name that is not 1 to 32 of a-z, 0-9 and -, with a letter first");
        if (text.Cost is < 0 or > Limit.MaxPermits)
            throw Wrong(name, $"has a cost of {text.Cost}; it is 0 to {Limit.MaxPermits}");
        foreach (var route in text.Routes ?? [])
        {
            if (!route.StartsWith('/') || route.IndexOf('*') is >= 0 and var star && star != route.Length - 1)
                throw Wrong(name, $"has the route '{route}'; a route begins with / and may end with *, such as /v1/* or /v1/urls/{{code}}");
        }

        var limits = ReadLimits(name, text.Limits);
        CheckBatch(name, text.Batch, limits);
        return new Policy(
            name,
            new RouteFilter(text.Routes ?? (text.Descriptor is null ? null : []), text.Methods is null ? null : [.. text.Methods.Select(m => m.ToUpperInvariant())]),
            text.Descriptor is null ? null : Read(name, text.Descriptor, limits),
            [.. text.By.Select(by => KeyPart.Parse(by) ?? throw Wrong(name, $"tells callers apart by '{by}'; it is caller, address, route or header:NAME"))],
            limits,
            text.Cost,
            Exempt(name, text.Exempt),
            text.Shadow,
            text.StoreDown,
            text.Batch);
    }

    private static IReadOnlyList<Limit> ReadLimits(string policy, IReadOnlyList<LimitText> texts)
    {
        if (texts.Count is 0 or > Policy.MaxLimits)
            throw Wrong(policy, $"has {texts.Count} limits; 1 to {Policy.MaxLimits} are needed");
        IReadOnlyList<Limit> limits = [.. texts.Select((limit, i) => Read(policy, limit, i))];
        return limits.Distinct().Count() == limits.Count ? limits : throw Wrong(policy, "has a limit twice");
    }

    // What is taken there cannot be given back, and nobody waits for a turn.
    private static DescriptorFilter Read(string policy, DescriptorText text, IReadOnlyList<Limit> limits)
    {
        if (text.Domain.Length is 0 or > DescriptorFilter.MaxLength)
            throw Wrong(policy, $"has in its descriptor a domain of {text.Domain.Length} characters; it is 1 to {DescriptorFilter.MaxLength}");
        if (text.Entries.Count is 0 or > DescriptorFilter.MaxEntries)
            throw Wrong(policy, $"has in its descriptor {text.Entries.Count} entries; 1 to {DescriptorFilter.MaxEntries} are needed");
        foreach (var limit in limits)
        {
            if (limit.Algorithm is LimitAlgorithm.Concurrency or LimitAlgorithm.LeakyBucket)
            {
                throw Wrong(policy, $"has a descriptor and a {LimitAlgorithmNames.Of(limit.Algorithm)} limit, and Envoy "
                    + (limit.Algorithm == LimitAlgorithm.Concurrency ? "gives nothing back" : "lets no request wait for its turn")
                    + "; leave one of them out, or choose token-bucket or gcra");
            }
        }

        return new DescriptorFilter(text.Domain, [.. text.Entries.Select(entry => DescriptorEntry.Parse(entry)
            ?? throw Wrong(policy, $"has in its descriptor the entry '{entry}'; it is a key, or key=value, of 1 to {DescriptorFilter.MaxLength} characters"))]);
    }

    private static void CheckBatch(string policy, int batch, IReadOnlyList<Limit> limits)
    {
        if (batch is < 0 or > Policy.MaxBatch)
            throw Wrong(policy, $"has a batch of {batch}; it is 0 to {Policy.MaxBatch}");
        if (batch == 0)
            return;
        if (limits.Count > 1)
            throw Wrong(policy, $"has a batch and {limits.Count} limits, which are taken from all or none; leave the batch out, or make policies of them");
        if (!Lease.Suits(limits[0].Algorithm))
            throw Wrong(policy, $"has a batch, which a {LimitAlgorithmNames.Of(limits[0].Algorithm)} limit cannot have; leave it out, or choose token-bucket or gcra");
        if (batch > limits[0].MaxCost)
            throw Wrong(policy, $"has a batch of {batch}, and its limit never admits more than {limits[0].MaxCost} at once");
    }

    private static Limit Read(string policy, LimitText text, int index)
    {
        var where = $"has in limit {index + 1}";
        if (!LimitAlgorithmNames.TryParse(text.Algorithm, out var algorithm))
            throw Wrong(policy, $"{where} the algorithm '{text.Algorithm}'; it is one of {string.Join(", ", LimitAlgorithmNames.All)}");
        if (!SettingText.TryDuration(text.Period, out var period))
            throw Wrong(policy, $"{where} the period '{text.Period}'; it is a time such as 1s, 15m or 1d");
        if (!Limit.TryCreate(algorithm, text.Permits, period, text.Burst, out var limit, out var error))
            throw Wrong(policy, $"{where} what cannot be counted: {error}");
        if (algorithm == LimitAlgorithm.LeakyBucket && limit.RefillTime > MaxDelay.Ticks / TimeSpan.TicksPerMicrosecond)
            throw Wrong(policy, $"{where} a queue in which a request could wait longer than {MaxDelay.TotalSeconds} s; give it a smaller burst");
        return limit;
    }

    private static Exemptions Exempt(string policy, IReadOnlyList<string> texts)
    {
        var (networks, callers) = (new List<IPNetwork>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var text in texts)
        {
            if (text.StartsWith("caller:", StringComparison.Ordinal))
                callers.Add(text["caller:".Length..]);
            else if (text.StartsWith("address:", StringComparison.Ordinal) && TryNetwork(text["address:".Length..], out var network))
                networks.Add(network);
            else
                throw Wrong(policy, $"exempts '{text}'; it is address: with an address or network, or caller: with a caller's id");
        }

        return new Exemptions(networks, callers);
    }

    private static bool TryNetwork(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        if (!IPAddress.TryParse(text, out var address))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    private static PolicyException Wrong(string policy, string what) => new($"the policy '{policy}' {what}");

    // What follows it are places, which are said already.
    private static string FirstSentence(string message) => message.IndexOf(" Path:", StringComparison.Ordinal) is > 0 and var end ? message[..end] : message;

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(HttpJson.Options) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        options.MakeReadOnly();
        return options;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,31}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    private sealed class PolicyException(string message) : Exception(message);
}
