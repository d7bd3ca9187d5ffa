using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Tributary.Crypto;

/// <summary>A parsed public key, x-only key or signature as libsecp256k1 keeps it in memory; never stored or sent.</summary>
[InlineArray(64)]
[SuppressMessage("Style", "IDE0044", Justification = "An inline array is written through its address.")]
internal struct Opaque64
{
    private byte _element;
}
