using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Psbt;

/// <summary>What a script-path signature is for: the signer's x-only key and the leaf.</summary>
public readonly record struct TaprootSignatureKey(Bytes32 PublicKey, Bytes32 LeafHash) : IComparable<TaprootSignatureKey>
{
    /// <summary>Orders by key and then leaf.</summary>
    public int CompareTo(TaprootSignatureKey other)
    {
        var byKey = PublicKey.CompareTo(other.PublicKey);
        return byKey != 0 ? byKey : LeafHash.CompareTo(other.LeafHash);
    }

    public static bool operator <(TaprootSignatureKey left, TaprootSignatureKey right) => left.CompareTo(right) < 0;

    public static bool operator >(TaprootSignatureKey left, TaprootSignatureKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(TaprootSignatureKey left, TaprootSignatureKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TaprootSignatureKey left, TaprootSignatureKey right) => left.CompareTo(right) >= 0;
}
