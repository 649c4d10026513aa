using System.Runtime.InteropServices;

namespace OsMigrate.Shell.Hosting;

/// <summary>Ctrl+C and requests to end stop the pipeline, so that it can remove what it left half written; a second one ends the program at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly ShellSession _session;
    private readonly List<PosixSignalRegistration> _registrations = [];

    private StopSignals(ShellSession session) => _session = session;

    public static StopSignals Listen(ShellSession session)
    {
        var signals = new StopSignals(session);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            signals._registrations.Add(PosixSignalRegistration.Create(signal, signals.OnSignal));
        return signals;
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_session.Stop())
            Environment.Exit(ExitCodes.Stopped);
    }
}
