using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Serving;

/// <summary>Counts the requests that are under way.</summary>
internal sealed class ActiveRequests(RequestDelegate next, HttpTelemetry telemetry)
{
    public Task InvokeAsync(HttpContext context)
    {
        telemetry.Began();
        Task task;
        try
        {
            task = next(context);
        }
        catch
        {
            telemetry.Ended();
            throw;
        }

        if (!task.IsCompleted)
            return AwaitAsync(task);
        telemetry.Ended();
        return task;
    }

    private async Task AwaitAsync(Task task)
    {
        try
        {
            await task;
        }
        finally
        {
            telemetry.Ended();
        }
    }
}
