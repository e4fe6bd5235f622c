using System.Diagnostics;
using System.Globalization;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;
using Groundwork.RateLimits.Drills.Callers;
using Groundwork.RateLimits.Drills.Stores;

namespace Groundwork.RateLimits.Drills;

/// <summary>
/// Takes the shared store away from under a whole program, by turns by hanging it (rounds 1, 3, …), so that it says nothing, and by killing it
/// (2, 4, …), so that it refuses, and gives it back.
/// </summary>
/// <remarks>
/// How long one answer takes is the machine's affair as well; so it is most of them that must come within ten times <c>Cache:Timeout</c>.
/// </remarks>
internal sealed class LimitsStoreDownDrill : Drill
{
    private const int Callers = 8;
    private const int Permits = 5;
    private const int MostAsked = 1_000;

    // Each under a policy of its own, by what stands in the file.
    private const string OpenPath = "v1/limits/open";
    private const string ClosedPath = "v1/limits";

    private static readonly TimeSpan Down = TimeSpan.FromMilliseconds(1200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Soon = 10 * CacheSettings.Timeout.Default;

    /// <inheritdoc/>
    public override string Name => "limits.store-down";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"While the store of limits hangs or refuses, every request goes on under a policy that allows it then, and gets 503 with Retry-After under one that refuses, most within {Soon.TotalMilliseconds:0} ms. Once the store is back, limits hold again.");

    /// <inheritdoc/>
    public override string Sabotage => "A call to the store may take 10 s.";

    /// <inheritdoc/>
    public override int DefaultRounds => 6;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (StoreSet.Missing(context) is { } missing)
            return DrillResult.NotHere(missing);
        if (!HungProcess.IsPossible)
            return DrillResult.NotHere("Processes cannot be hung on this system.");

        await using var store = await StoreProgram.StartEitherAsync(context, context.Random, cancellationToken);
        var policies = Path.Combine(context.Folder, "policies.json");
        await File.WriteAllTextAsync(policies, Policies, cancellationToken);
        await using var program = await context.StartProgramAsync(
            Path.Combine(context.Folder, "data"),
            [
                "--Database:Connection=", $"--Cache:Connection={store.Connection}", $"--RateLimits:Policies={policies}",
                .. context.Sabotage ? ["--Cache:Timeout=10s"] : Array.Empty<string>(),
            ],
            cancellationToken);
        using var user = new LimitedUser(program.Address);
        var (findings, rounds, answers) = (new Findings(), 0, 0L);
        await HoldsAsync(user, findings, cancellationToken);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var isHung = rounds % 2 == 0;
            var (open, closed) = await OutageAsync(store, user, isHung, findings, cancellationToken);
            await HoldsAsync(user, findings, cancellationToken);
            answers += open.Answers + closed.Answers;
            context.Progress(++rounds, context.Rounds, $"{(isHung ? "hung" : "killed")}; {open}; {closed}");
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Outages of {store.Name}: {rounds}, by turns hung and killed for {Down.TotalSeconds:0.0} s, with {Callers} callers under each of two policies; {answers:N0} requests were answered in them."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"All went on under the one and got 503 under the other, most within {Soon.TotalMilliseconds:0} ms; after each outage a new caller got {Permits} requests and no more.")
                : findings.ToString());
    }

    private static string Policies => $$"""
        {
          "policies": {
            "open": { "routes": ["/v1/limits/{policy}"], {{Limited("allow")}} },
            "closed": { "routes": ["/v1/limits"], {{Limited("refuse")}} },
          }
        }
        """;

    private static string Limited(string storeDown) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        "by": ["header:{{LimitedUser.Header}}"], "limits": [{ "permits": {{Permits}}, "period": "1h" }], "store_down": "{{storeDown}}"
        """);

    // All callers have their last answer before it is back, so that none is answered by a store that is there.
    private static async Task<(Outage Open, Outage Closed)> OutageAsync(
        StoreProgram store, LimitedUser user, bool isHung, Findings findings, CancellationToken cancellationToken)
    {
        var (open, closed) = (new Outage("open", Soon), new Outage("closed", Soon));
        if (isHung)
            store.Hang();
        else
            await store.KillAsync();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).SelectMany(_ => new[]
            {
                AskAllTheWhileAsync(user, OpenPath, open, a => a.Status == 200, "requests were refused that may go on uncounted", findings, cancellationToken),
                AskAllTheWhileAsync(user, ClosedPath, closed, a => a is { Status: 503, SaysWhen: true }, "requests went on that must not go on uncounted", findings, cancellationToken),
            }));
        }
        finally
        {
            if (isHung)
                store.GoOn();
        }

        if (!isHung)
            await store.StartAgainAsync(cancellationToken);
        foreach (var outage in (Outage[])[open, closed])
            findings.Require(outage.IsMostlySoon, "outages held requests up", outage.ToString());
        return (open, closed);
    }

    private static async Task AskAllTheWhileAsync(
        LimitedUser user, string path, Outage outage, Func<LimitedAnswer, bool> isRight, string wrong, Findings findings, CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Down;)
        {
            var answer = await user.AskAsync(path, user.NewName(), cancellationToken);
            outage.Add(answer);
            findings.Require(isRight(answer), wrong, $"{path}: {answer}");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    // A call that a busy machine makes late may go uncounted, so it is those that were counted that count.
    private static async Task HoldsAsync(LimitedUser user, Findings findings, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(BackWithin);
        foreach (var path in (string[])[OpenPath, ClosedPath])
        {
            while (!(await user.AskAsync(path, user.NewName(), bounded.Token)).IsCounted)
                await Task.Delay(Pause, bounded.Token);

            var (name, counted, isRefused) = (user.NewName(), 0, false);
            for (var asked = 0; asked < MostAsked && !isRefused; asked++)
            {
                var answer = await user.AskAsync(path, name, bounded.Token);
                counted += answer is { Status: 200, IsCounted: true } ? 1 : 0;
                isRefused = answer.Status == 429;
            }

            findings.Require(isRefused && counted <= Permits, "limits did not hold again", string.Create(
                CultureInfo.InvariantCulture, $"{path}: {counted} of {Permits} were admitted before {(isRefused ? "the first" : "no")} 429"));
        }
    }
}
