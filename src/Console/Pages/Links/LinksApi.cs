using System.Globalization;
using System.Text.Json.Nodes;
using Groundwork.Console.Api;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Links;

/// <summary>The requests that these pages make of Links, by its public contract and no other way. Pure.</summary>
internal static class LinksApi
{
    /// <summary>How many links a page of the list asks for at once.</summary>
    public const int PageSize = 50;

    private const string Root = "/v1/urls";

    /// <summary>What seeing links asks for.</summary>
    public static Scope Read { get; } = new("links:read", "See links and their statistics.");

    /// <summary>What changing them asks for.</summary>
    public static Scope Write { get; } = new("links:write", "Make, change and delete links.");

    public static ApiRequest List(LinkQuery query) => ApiRequest.Get(QueryHelpers.AddQueryString(Root, new Dictionary<string, string?>
    {
        ["q"] = query.Text,
        ["owner"] = query.Owner,
        ["tag"] = query.Tag,
        ["limit"] = PageSize.ToString(CultureInfo.InvariantCulture),
        ["cursor"] = query.Cursor,
    }.Where(p => !string.IsNullOrEmpty(p.Value))));

    public static ApiRequest Make(JsonObject body) => ApiRequest.Post(Root, body);

    public static ApiRequest See(string code) => ApiRequest.Get(Of(code));

    public static ApiRequest Change(string code, JsonObject patch, string etag) =>
        ApiRequest.Patch(Of(code), patch) with { Headers = [new("if-match", etag)] };

    public static ApiRequest Switch(string code, bool on) => ApiRequest.Patch(Of(code), new JsonObject { ["disabled"] = !on });

    public static ApiRequest Delete(string code, string etag) => ApiRequest.Delete(Of(code)) with { Headers = [new("if-match", etag)] };

    public static ApiRequest Picture(string code) => ApiRequest.Get($"{Of(code)}/qr.svg?size=512");

    public static ApiRequest Clicks(string code, IEnumerable<KeyValuePair<string, string?>> query) =>
        ApiRequest.Get(QueryHelpers.AddQueryString($"{Of(code)}/stats", query));

    public static ApiRequest Import(string csv) => new("POST", $"{Root}:import") { Body = csv, BodyType = "text/csv" };

    private static string Of(string code) => $"{Root}/{Uri.EscapeDataString(code)}";
}
