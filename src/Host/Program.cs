using Groundwork.Host;

using var heap = new NativeHeap();
using var signals = new StopSignals();
return await CommandLine.RunAsync(args, Console.Out, Console.Error, signals.Token);
