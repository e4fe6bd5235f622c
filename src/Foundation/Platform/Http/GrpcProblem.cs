using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>
/// A problem as clients of gRPC read it: the status and its message stand in the headers, and nothing follows ("Trailers-Only" of the gRPC protocol over
/// HTTP/2). What such a client makes of another answer is a status by its own table, and no message.
/// </summary>
internal static class GrpcProblem
{
    private const string ContentType = "application/grpc";

    /// <summary>Whether a request is a call of gRPC, which HTTP/1 cannot carry.</summary>
    public static bool IsFor(HttpRequest request)
    {
        if (!HttpProtocol.IsHttp2(request.Protocol))
            return false;
        var type = request.ContentType.AsSpan();
        return type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) && (type.Length == ContentType.Length || type[ContentType.Length] is '+' or ';');
    }

    /// <summary>Writes it.</summary>
    public static void Write(HttpResponse response, Problem kind, string detail)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers["grpc-status"] = StatusOf(kind.Status).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Encode(detail);
    }

    private static int StatusOf(int httpStatus) => httpStatus switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity => 3, // INVALID_ARGUMENT
        StatusCodes.Status401Unauthorized => 16, // UNAUTHENTICATED
        StatusCodes.Status403Forbidden or StatusCodes.Status421MisdirectedRequest => 7, // PERMISSION_DENIED
        StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => 12, // UNIMPLEMENTED: no such call
        StatusCodes.Status408RequestTimeout => 1, // CANCELLED
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests or StatusCodes.Status507InsufficientStorage => 8, // RESOURCE_EXHAUSTED
        StatusCodes.Status500InternalServerError => 13, // INTERNAL
        StatusCodes.Status503ServiceUnavailable => 14, // UNAVAILABLE
        _ => 2, // UNKNOWN
    };

    // Of UTF-8, all but printable ASCII without % is escaped, as in addresses.
    private static string Encode(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var one in Encoding.UTF8.GetBytes(message))
        {
            if (one is >= 0x20 and <= 0x7E and not (byte)'%')
                text.Append((char)one);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        }

        return text.ToString();
    }
}
