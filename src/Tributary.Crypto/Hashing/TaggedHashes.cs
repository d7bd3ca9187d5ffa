namespace Tributary.Crypto;

/// <summary>The tagged hashes of taproot (BIP 341, BIP 342), prepared once.</summary>
public static class TaggedHashes
{
    /// <summary>Leaf of the script tree: leaf version, CompactSize, script.</summary>
    public static TaggedHasher TapLeaf { get; } = new("TapLeaf"u8);

    /// <summary>Inner node of the script tree: two hashes in lexicographic order.</summary>
    public static TaggedHasher TapBranch { get; } = new("TapBranch"u8);

    /// <summary>Tweak of the internal key: key and Merkle root.</summary>
    public static TaggedHasher TapTweak { get; } = new("TapTweak"u8);

    /// <summary>Signature message.</summary>
    public static TaggedHasher TapSighash { get; } = new("TapSighash"u8);
}
