using System.Runtime.InteropServices;

namespace Groundwork.Host;

/// <summary>
/// What asks the program to stop: Ctrl-C, <c>SIGTERM</c> (systemd, containers) and the end of its terminal. The first asks;
/// a second ends the program at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // As shells report a program that a signal ended: 128 and the signal's number, which is 2 for Ctrl-C.
    private const int Interrupted = 130;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _asked;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
    ];

    /// <summary>Cancelled by the first of them.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            _ = _stop.CancelAsync();
        else
            Environment.Exit(Interrupted);
    }
}
