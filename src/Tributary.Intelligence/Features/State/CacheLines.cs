using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Asks for memory before it is needed. A payment touches some fifty cache lines of five histories; asked for together they arrive together, which is
/// most of the speed of a store that is larger than the caches. Where the processor has no such instruction nothing happens.
/// </summary>
internal static class CacheLines
{
    /// <summary>Numbers of a line.</summary>
    public const int Length = 8;

    /// <summary>Asks for the line of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref long number)
    {
        // The address may be stale by the time it arrives if the collector moves the array: a prefetch of any address is harmless.
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref number));
    }

    /// <summary>Asks for the lines of a span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(Span<long> numbers)
    {
        for (var i = 0; i < numbers.Length; i += Length)
            Prefetch(ref numbers[i]);
    }
}
