using Groundwork.Sqlite.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The runner's usual entry point, with one more way in: the child that CrashTests kills is this same program.
if (args is [CrashWorker.Argument, var folder, var round])
    return await CrashWorker.RunAsync(folder, round);

return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
