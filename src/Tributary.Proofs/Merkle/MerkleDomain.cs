using Tributary.Proofs.Hashing;

namespace Tributary.Proofs.Merkle;

/// <summary>
/// The three domains of a tree's hashes, as keys derived from contexts: a row, a node of two children, and a node joined with the row of a shorter
/// matrix can never be taken for each other.
/// </summary>
internal static class MerkleDomain
{
    private static readonly uint[] RowKeyWords = Derive("tributary.proofs v1 merkle row");
    private static readonly uint[] NodeKeyWords = Derive("tributary.proofs v1 merkle node");
    private static readonly uint[] JoinKeyWords = Derive("tributary.proofs v1 merkle join");

    /// <summary>Under which the values of a row are hashed.</summary>
    public static ReadOnlySpan<uint> RowKey => RowKeyWords;

    /// <summary>Under which two children become their parent.</summary>
    public static ReadOnlySpan<uint> NodeKey => NodeKeyWords;

    /// <summary>Under which a node and the row of a shorter matrix become one node.</summary>
    public static ReadOnlySpan<uint> JoinKey => JoinKeyWords;

    private static uint[] Derive(string context)
    {
        var words = new uint[8];
        Blake3.ContextKey(context, words);
        return words;
    }
}
