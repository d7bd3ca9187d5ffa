using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Tributary.Crypto;

/// <summary>The eight chaining words of SHA-256 (FIPS 180-4, 6.2).</summary>
[InlineArray(8)]
[SuppressMessage("Style", "IDE0044", Justification = "An inline array is written through its address.")]
internal struct Sha256State
{
    private uint _element;

    /// <summary>The initial hash value (FIPS 180-4, 5.3.3).</summary>
    internal static readonly Sha256State Initial =
        Of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);

    private static Sha256State Of(params ReadOnlySpan<uint> words)
    {
        Sha256State state = default;
        words.CopyTo(state);
        return state;
    }
}
