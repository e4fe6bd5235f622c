using System.Text.Json.Nodes;
using Groundwork.Console.Api;
using Groundwork.Platform.Folders;
using Groundwork.Ports.Files;

namespace Groundwork.Console.Pages.Keys;

/// <summary>
/// What these pages do as commands. Keys are not managed over the network but over the control socket, by whoever may open it:
/// the user that the server runs as, on its machine. Pure.
/// </summary>
internal sealed class KeysApi(InstancePaths paths)
{
    private static readonly Uri Root = new("http://localhost/");

    public string Make(string name, IEnumerable<string?> scopes) =>
        Curl(ApiRequest.Post("/keys", new JsonObject { ["name"] = name, ["scopes"] = new JsonArray([.. scopes.Select(s => (JsonNode?)s)]) }));

    public string Rotate(string id) => Curl(ApiRequest.Post($"/keys/{id}:rotate", new JsonObject { ["grace"] = 3600 }));

    public string Revoke(string id) => Curl(ApiRequest.Delete($"/keys/{id}"));

    private string Curl(ApiRequest request) => request.Curl(Root, $" --unix-socket {ApiRequest.Quoted(DataFolder.SocketPath(paths.Data))}");
}
