using System.CommandLine;
using Groundwork.Host.Help;
using Groundwork.Host.Output;
using Spectre.Console;

namespace Groundwork.Host.Commands;

/// <summary><c>groundwork keys</c>: the keys with which callers prove who they are, whether Groundwork runs or not.</summary>
internal static class KeysCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> settings) =>
        new Command("keys", "Make, list, revoke and rotate the keys of callers.")
        {
            CreateKey(settings), List(settings), Revoke(settings), Rotate(settings),
        }.WithExamples("groundwork keys create ci --scope links:write --expires 30d");

    private static Command CreateKey(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var name = new Argument<string>("NAME") { Description = "Whose key it is: your own words, to know it again." };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it permits, such as links:write; may be given several times.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var expires = CommonOptions.Duration("--expires", "How long it is valid, such as 12h or 30d; for ever when left out.");
        var json = CommonOptions.Json();
        var command = new Command("create", "Make a key. It is shown once, and kept only as a hash.") { name, scopes, expires, json };
        return command.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var body = new { Name = parsed.GetRequiredValue(name), Scopes = parsed.GetRequiredValue(scopes), ExpiresIn = parsed.GetValue(expires)?.TotalSeconds };
            return Show(await session.SendAsync<KeyShown>(HttpMethod.Post, "/keys", body, cancellationToken), parsed, parsed.GetValue(json));
        }).WithExamples("groundwork keys create ci --scope links:write --scope links:read --expires 30d");
    }

    private static Command List(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "List the keys, without their secrets.") { json };
        return command.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            var keys = (await session.SendAsync<KeysShown>(HttpMethod.Get, "/keys", body: null, cancellationToken)).Keys;
            Screen.Of(parsed).List(
                parsed.GetValue(json), keys, "There are no keys. `groundwork keys create NAME --scope …` makes one.",
                ["NAME", "ID", "SCOPES", "CREATED", "EXPIRES"], Row);
            return ExitCode.Done;
        }).WithExamples("groundwork keys list --json");
    }

    private static Command Revoke(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var key = KeyArgument();
        var command = new Command("revoke", "End a key at once.") { key };
        return command.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            await session.DoAsync(HttpMethod.Delete, Path(parsed.GetRequiredValue(key)), cancellationToken);
            Screen.Of(parsed).Line($"Revoked {parsed.GetRequiredValue(key)}.");
            return ExitCode.Done;
        }).WithExamples("groundwork keys revoke ci");
    }

    private static Command Rotate(IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        var key = KeyArgument();
        var json = CommonOptions.Json();
        var grace = CommonOptions.Duration("--grace", "How long the secret before it still holds, such as 1h; not at all when left out.");
        var command = new Command("rotate", "Give a key a new secret.") { key, grace, json };
        return command.Runs(settings, async (session, parsed, cancellationToken) =>
        {
            object? body = parsed.GetValue(grace) is { } time ? new { Grace = time.TotalSeconds } : null;
            var path = $"{Path(parsed.GetRequiredValue(key))}:rotate";
            return Show(await session.SendAsync<KeyShown>(HttpMethod.Post, path, body, cancellationToken), parsed, parsed.GetValue(json));
        }).WithExamples("groundwork keys rotate ci --grace 1h");
    }

    private static Argument<string> KeyArgument() => new("ID|NAME") { Description = "The key's id or its name." };

    private static string Path(string key) => $"/keys/{Uri.EscapeDataString(key)}";

    private static IReadOnlyList<string> Row(KeyShown key) =>
    [
        Markup.Escape(key.Name), key.Id, Markup.Escape(string.Join(", ", key.Scopes)),
        $"{key.CreatedAt:u}", key.ExpiresAt is { } end ? $"{end:u}" : "never",
    ];

    // The key alone stands on standard output, so that a script can take it: KEY=$(groundwork keys create …).
    private static int Show(KeyShown made, ParseResult parsed, bool json)
    {
        if (json)
        {
            Screen.Of(parsed).WriteJson(made);
            return ExitCode.Done;
        }

        parsed.InvocationConfiguration.Error.WriteLine($"The key {made.Name} ({made.Id}). It is not shown again; send it as `Authorization: Bearer KEY`.");
        Screen.Of(parsed).Line(made.Key ?? "");
        return ExitCode.Done;
    }

    private sealed record KeysShown(IReadOnlyList<KeyShown> Keys);

    private sealed record KeyShown(
        string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? Key);
}
