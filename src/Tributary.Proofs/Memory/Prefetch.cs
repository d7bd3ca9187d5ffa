using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tributary.Proofs.Memory;

/// <summary>
/// Asks the processor for memory before it is needed. A walk along the rows reads hundreds of columns in step, far more streams than it foresees by
/// itself.
/// </summary>
internal static unsafe class Prefetch
{
    /// <summary>Four cache lines, or as many steps of the widest vectors.</summary>
    private const int WordsAhead = 64;

    /// <summary>Fetches what stands a few steps behind this place. The address need not be mapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(uint* words)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(words + WordsAhead);
    }
}
