using Groundwork.Ports.Experiments;
using Groundwork.Testing;

namespace Groundwork.Postgres.Tests;

public sealed class BenchmarkTests
{
    [Fact]
    public async Task The_benchmarks_run()
    {
        TestServer.Require();
        var token = TestContext.Current.CancellationToken;
        foreach (var benchmark in new PostgresEngine().Benchmarks)
        {
            using var folder = new TempFolder();
            var contenders = await benchmark.PrepareAsync(new SmokeContext(folder.Path), token);

            foreach (var contender in contenders)
                Assert.Equal(1024, await contender.RoundAsync(token));
            foreach (var contender in contenders.Where(c => c.Dispose is not null))
                await contender.Dispose!();
        }
    }

    private sealed class SmokeContext(string folder) : IBenchmarkContext
    {
        public string Folder => folder;

        public bool Smoke => true;

        public IServiceProvider Services => throw new NotSupportedException();

        public IExperimentWorker StartWorker(string argument) => throw new NotSupportedException();

        public Task<IExperimentProgram> StartProgramAsync(string folder, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
