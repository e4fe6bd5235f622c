using Groundwork.Ports.Experiments;
using Groundwork.Testing;

namespace Groundwork.Sqlite.Tests;

/// <summary>The benchmarks run; what they measure is not asserted here.</summary>
public sealed class BenchmarkTests
{
    public static TheoryData<string> Names => [.. new SqliteEngine().Benchmarks.Select(b => b.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_contender_does_its_rounds(string name)
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var benchmark = new SqliteEngine().Benchmarks.Single(b => b.Name == name);
        var contenders = await benchmark.PrepareAsync(new SmokeContext(folder.Path), token);

        foreach (var contender in contenders.Concat(contenders))
            Assert.True(await contender.RoundAsync(token) > 0, contender.Name);
        foreach (var contender in contenders)
            await (contender.Dispose?.Invoke() ?? ValueTask.CompletedTask);
    }

    private sealed record SmokeContext(string Folder) : IBenchmarkContext
    {
        public bool Smoke => true;

        public IServiceProvider Services => throw new NotSupportedException("The engine's benchmarks make their own servers.");

        public IExperimentWorker StartWorker(string argument) => throw new NotSupportedException("The engine's benchmarks need no workers.");

        public Task<IExperimentProgram> StartProgramAsync(string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
            throw new NotSupportedException("The engine's benchmarks need no program.");
    }
}
