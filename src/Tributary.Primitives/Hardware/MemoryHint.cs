using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tributary.Primitives.Hardware;

/// <summary>
/// Asks the processor for memory before it is needed: whoever goes through places all over a large table waits for memory far longer than it works.
/// Hints alone: nothing is read, so nothing happens where the place has moved by then.
/// </summary>
public static class MemoryHint
{
    /// <summary>Asks for a place and what it holds; it may lie across two lines of the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(ref readonly T place)
        where T : struct
    {
        if (!Sse.IsSupported)
            return;
        var bytes = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in place));
        Sse.Prefetch0(bytes);
        Sse.Prefetch0(bytes + Unsafe.SizeOf<T>() - 1);
    }
}
