using System.Runtime.InteropServices;

namespace Groundwork.Ports.Experiments;

/// <summary>Hangs processes that an experiment started, and lets them go on: what a server is that takes connections and says nothing.</summary>
public static partial class HungProcess
{
    /// <summary>Whether a process can be hung on this system.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>SIGSTOP.</summary>
    /// <exception cref="InvalidOperationException">There is no such process of ours.</exception>
    public static void Hang(int processId) => Send(processId, OperatingSystem.IsLinux() ? 19 : 17);

    /// <summary>SIGCONT.</summary>
    /// <exception cref="InvalidOperationException">There is no such process of ours.</exception>
    public static void GoOn(int processId) => Send(processId, OperatingSystem.IsLinux() ? 18 : 19);

    private static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
            throw new InvalidOperationException($"Process {process} did not take signal {signal}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
