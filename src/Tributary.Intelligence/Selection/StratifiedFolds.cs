using System.Security.Cryptography;
using System.Text;

namespace Tributary.Intelligence.Selection;

/// <summary>
/// Folds with the same share of each class, drawn by a hash, so that anyone can draw them again: a row's fold is its rank, modulo the number of folds, among
/// the rows of its class in the order of SHA-256 of the ASCII text "row|seed" (both decimal, rows from 0), compared as big-endian numbers.
/// </summary>
public sealed class StratifiedFolds
{
    private readonly int[] _foldOfRow;

    /// <param name="labels">1 positive, 0 negative.</param>
    /// <param name="count">Folds.</param>
    /// <param name="seed">The seed; repetition r of a protocol with seed s uses s + r.</param>
    public StratifiedFolds(ReadOnlySpan<float> labels, int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        Count = count;
        _foldOfRow = new int[labels.Length];
        foreach (var label in new[] { 0f, 1f })
        {
            var rows = new List<(string Hash, int Row)>();
            for (var row = 0; row < labels.Length; row++)
            {
                if (labels[row] == label)
                    rows.Add((Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes($"{row}|{seed}"))), row));
            }

            rows.Sort((a, b) => string.CompareOrdinal(a.Hash, b.Hash));
            for (var rank = 0; rank < rows.Count; rank++)
                _foldOfRow[rows[rank].Row] = rank % count;
        }
    }

    /// <summary>Folds.</summary>
    public int Count { get; }

    /// <summary>The fold of each row.</summary>
    public ReadOnlySpan<int> FoldOfRow => _foldOfRow;

    /// <summary>The rows of a fold, ascending.</summary>
    public int[] Test(int fold) => [.. Enumerable.Range(0, _foldOfRow.Length).Where(row => _foldOfRow[row] == fold)];

    /// <summary>The rows of the other folds, ascending.</summary>
    public int[] Train(int fold) => [.. Enumerable.Range(0, _foldOfRow.Length).Where(row => _foldOfRow[row] != fold)];
}
