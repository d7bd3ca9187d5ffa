using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Tributary.Storage.Files;

/// <summary>Blocks a thread for a time that the timers of the platform are too coarse for: a flush of a good disk takes 80 µs.</summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Two calls on plain arguments do not make the project unsafe.")]
internal static class PreciseDelay
{
    private const int SetTimerSlack = 29;

    /// <summary>What remains is spun: the kernel wakes a thread some microseconds late.</summary>
    private static readonly TimeSpan s_spun = TimeSpan.FromMicroseconds(15);

    internal static void Wait(TimeSpan delay)
    {
        var start = Stopwatch.GetTimestamp();
        if (OperatingSystem.IsLinux() && delay > s_spun)
        {
            // By default the kernel may wake a thread 50 µs late (PR_SET_TIMERSLACK in prctl(2)).
            _ = ThreadControl(SetTimerSlack, 1, 0, 0, 0);
            var asleep = delay - s_spun;
            var time = new TimeSpec { Seconds = (nint)asleep.TotalSeconds, Nanoseconds = (nint)(asleep.Ticks % TimeSpan.TicksPerSecond * 100) };
            _ = NanoSleep(in time, 0);
        }

        while (Stopwatch.GetElapsedTime(start) < delay)
            Thread.SpinWait(10);
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ThreadControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec asked, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
