using System.Runtime.InteropServices;

namespace Tributary.Proofs.Benchmarks;

/// <summary>Seconds that this thread has spent on a processor: on a shared machine it measures the code rather than the neighbours.</summary>
internal static partial class CpuClock
{
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    public static double Seconds
    {
        get
        {
            _ = GetTime(3, out var time);
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);
}
