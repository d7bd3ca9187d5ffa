using System.Buffers.Binary;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Accounts;

/// <summary>What a verifier needs to know of an account's key besides its root.</summary>
/// <param name="Scheme">The signature scheme and its parameters; 1 is XMSS as docs/rollup/signatures.md has it.</param>
/// <param name="LogLifetime">log2 of the one-time keys, at most 31.</param>
public readonly record struct KeyParameters(byte Scheme, byte LogLifetime)
{
    /// <summary>Bytes of the encoding.</summary>
    public const int Length = 2;

    /// <summary>The only scheme so far.</summary>
    public const byte Xmss = 1;

    /// <summary>The most one-time keys of one key, as log2.</summary>
    public const int MaxLogLifetime = 31;

    /// <summary>The last index, which only rotation may use.</summary>
    public uint LastIndex => (1u << LogLifetime) - 1;

    /// <summary>A root of scheme 1 is eight integers below this, four bytes each, little endian: elements of the field that it hashes over.</summary>
    private const uint Modulus = 0x7f000001;

    /// <summary>True for bytes that are a root under a scheme here, and not zero.</summary>
    public static bool IsRoot(Bytes32 root)
    {
        for (var i = 0; i < Bytes32.Length; i += sizeof(uint))
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(root.Span[i..]) >= Modulus)
                return false;
        }

        return !root.IsZero;
    }

    /// <summary>True for parameters that an account may have: a key has at least one index for use and one for its rotation.</summary>
    public bool IsValid => Scheme == Xmss && LogLifetime is >= 1 and <= MaxLogLifetime;
}
