using System.Text.Json.Nodes;
using Groundwork.Console.Api;
using Groundwork.Ports.Modules;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>The requests that these pages make of RateLimits, by its public contract and no other way. Pure.</summary>
internal static class LimitsApi
{
    private const string Root = "/v1/limits";

    /// <summary>What seeing policies asks for.</summary>
    public static Scope Read { get; } = new("ratelimits:read", "See policies, and what is left of a key's limits.");

    /// <summary>What forgetting what was taken asks for.</summary>
    public static Scope Write { get; } = new("ratelimits:write", "Forget what was taken from a key's limits.");

    public static ApiRequest Policies() => ApiRequest.Get(Root);

    public static ApiRequest Policy(string policy) => ApiRequest.Get(Of(policy));

    public static ApiRequest Traffic(string policy) => ApiRequest.Get($"{Of(policy)}/traffic");

    public static ApiRequest WhatIf(string policy, JsonObject limits) => ApiRequest.Post($"{Of(policy)}:whatif", limits);

    public static ApiRequest Peek(string policy, string key) => ApiRequest.Post($"{Of(policy)}:peek", new JsonObject { ["key"] = key, ["cost"] = 0 });

    public static ApiRequest Reset(string policy, string key) => ApiRequest.Post($"{Of(policy)}:reset", new JsonObject { ["key"] = key });

    private static string Of(string policy) => $"{Root}/{Uri.EscapeDataString(policy)}";
}
