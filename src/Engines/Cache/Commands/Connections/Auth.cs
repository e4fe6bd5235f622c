using System.Security.Cryptography;
using System.Text;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Commands.Connections;

/// <summary>AUTH [username] password: one user, <c>default</c>.</summary>
internal static class Auth
{
    public static void Run(Call call)
    {
        if (call.Count > 3)
        {
            call.Reply.SyntaxError();
            return;
        }

        if (!call.Engine.NeedsPassword && call.Count == 2)
        {
            call.Reply.Error("ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?"u8);
            return;
        }

        if (TryAuthenticate(call, call.Count == 3 ? call[1] : "default"u8, call[call.Count - 1]))
            call.Reply.Ok();
    }

    /// <summary>Checks a name and a password; if they are wrong, that is the answer.</summary>
    public static bool TryAuthenticate(Call call, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        // Compared by digests: in a time that tells nothing of the password.
        var given = SHA256.HashData(password);
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(call.Engine.Password));
        if (name.SequenceEqual("default"u8)
            && (!call.Engine.NeedsPassword || CryptographicOperations.FixedTimeEquals(given, expected)))
        {
            call.Client.Authenticate();
            return true;
        }

        call.Reply.Error("WRONGPASS invalid username-password pair or user is disabled."u8);
        return false;
    }
}
