using System.Runtime.InteropServices;

namespace OsMigrate.Hypervisors.Kvm;

/// <summary>Asks this machine's /dev/kvm whether it really runs a guest. In a thread of its own, so that a kernel that does not come back costs a thread and not the process.</summary>
internal static class KvmProbe
{
    private const string Device = "/dev/kvm";
    private const int Tries = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Why a guest cannot be tried on this machine; null when it can.</summary>
    public static string? Unfit
        => !RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? "KVM is a part of Linux"
            : RuntimeInformation.ProcessArchitecture != Architecture.X64 ? $"only x86-64 guests are tried, this is {RuntimeInformation.ProcessArchitecture}"
            : null;

    public static GuestRun Run(CancellationToken cancel) => Run(Limit, GuestCode.LongMode(), cancel);

    /// <param name="longMode">The memory of the 64-bit guest.</param>
    internal static GuestRun Run(TimeSpan limit, byte[] longMode, CancellationToken cancel)
    {
        var attempt = new Attempt(longMode);
        var thread = new Thread(attempt.Go) { IsBackground = true, Name = "KVM probe" };
        thread.Start();
        try
        {
            if (attempt.Done.Wait(limit, cancel))
                return attempt.SoFar;
        }
        finally
        {
            // A kernel that keeps the thread all the same keeps what belongs to it; nothing of that is touched then.
            if (!attempt.Done.IsSet)
                attempt.Interrupt(Patience);
        }

        return attempt.SoFar with { Error = $"it did not come back within {limit.TotalSeconds:0} s" };
    }

    private sealed class Attempt(byte[] longMode)
    {
        private volatile KvmGuest? _guest;
        private volatile int _thread;
        private volatile GuestRun _soFar = new();

        public ManualResetEventSlim Done { get; } = new();

        public GuestRun SoFar => _soFar;

        public void Go()
        {
            _thread = (int)LinuxCalls.System(new IntPtr(LinuxCalls.GetThreadId), IntPtr.Zero, IntPtr.Zero, IntPtr.Zero);
            try
            {
                Try();
            }
            catch (KvmException e)
            {
                _soFar = _soFar with { Error = e.Message };
            }

            Done.Set();
        }

        /// <summary>Has the guest leave the processor, and waits for the thread for a while.</summary>
        public void Interrupt(TimeSpan patience)
        {
            _guest?.Stop();
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            _ = LinuxCalls.System(new IntPtr(LinuxCalls.SignalThread), new IntPtr(self.Id), new IntPtr(_thread), new IntPtr(LinuxCalls.InterruptSignal()));
            Done.Wait(patience, CancellationToken.None);
        }

        private void Try()
        {
            var kvm = LinuxCalls.Open(Device, LinuxCalls.ReadWriteCloseOnExec);
            if (kvm < 0)
            {
                _soFar = _soFar with { OpenError = LinuxCalls.LastError() };
                return;
            }

            try
            {
                _soFar = _soFar with { ApiVersion = LinuxCalls.Ioctl(kvm, (UIntPtr)LinuxCalls.GetApiVersion, IntPtr.Zero) };
                Check(Once(kvm, GuestCode.RealMode(), GuestCode.SetRealMode).Written, "real mode");
                _soFar = _soFar with { RanRealMode = true };
                Time(kvm);
            }
            finally
            {
                _ = LinuxCalls.Close(kvm);
            }
        }

        /// <summary>The best of several: another process may have had the processor in between.</summary>
        private void Time(int kvm)
        {
            for (var i = 0; i < Tries && (i == 0 || _soFar.IsInterpreted); i++)
            {
                var (written, time) = Once(kvm, longMode, GuestCode.SetLongMode);
                Check(written, "64-bit mode");
                var each = time.TotalMilliseconds * 1e6 / GuestCode.Steps;
                _soFar = _soFar with { RanLongMode = true, NanosecondsPerStep = Math.Round(Math.Min(each, _soFar.NanosecondsPerStep ?? each), 1) };
            }
        }

        private (byte? Written, TimeSpan Time) Once(int kvm, byte[] memory, SpanAction mode)
        {
            using var guest = new KvmGuest(kvm, memory);
            _guest = guest;
            _soFar = _soFar with { MadeMachine = true };
            try
            {
                return guest.Run(mode);
            }
            finally
            {
                _guest = null;
            }
        }

        private static void Check(byte? written, string mode)
        {
            if (written != GuestCode.Expected)
                throw new KvmException($"KVM_RUN: the guest computed {written?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"} instead of {GuestCode.Expected} in {mode}");
        }
    }
}
