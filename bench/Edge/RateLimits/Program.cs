using BenchmarkDotNet.Running;
using Groundwork.RateLimits.Bench.Limiters;

// All of them:          dotnet run -c Release -- --filter '*'
// Only see that they run: dotnet run -c Release -- --filter '*' --job Dry
return BenchmarkSwitcher.FromAssembly(typeof(LimiterBench).Assembly).Run(args).Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
