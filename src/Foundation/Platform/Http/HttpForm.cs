using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>Forms as pages send them.</summary>
public static class HttpForm
{
    /// <summary>Reads a request's form. Whoever then has its token checked does so after this: the framework takes a form that
    /// cannot be read for a failure of its own.</summary>
    /// <param name="request">Its body's bound is its endpoint's.</param>
    /// <returns>Null where it has none, or none that can be read: cut off, without a boundary, too large, or with too many fields.</returns>
    public static async Task<IFormCollection?> TryReadAsync(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
