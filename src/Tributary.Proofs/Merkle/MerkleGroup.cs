using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Merkle;

/// <summary>
/// What a proof opens of the matrices of one height in a tree: their joined rows at the points that the queries reduce to, ascending, row after row.
/// </summary>
internal sealed record MerkleGroup(int LogSize, int Width, int[] Points, KoalaBear[] Rows)
{
    /// <summary>The joined row at the point in this place.</summary>
    public ReadOnlySpan<KoalaBear> Row(int place) => Rows.AsSpan(place * Width, Width);
}
