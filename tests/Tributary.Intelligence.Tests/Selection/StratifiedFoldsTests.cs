using System.Security.Cryptography;
using Tributary.Intelligence.Selection;

namespace Tributary.Intelligence.Tests.Selection;

public sealed class StratifiedFoldsTests
{
    /// <summary>The first bytes of the SHA-256 of "0|42", "1|42" and "2|42", by sha256sum.</summary>
    private static readonly string[] Known = ["3771045B2C378E60", "5CB69DA53F2DC1B5", "316DB3C73CDAA21B"];

    [Fact]
    public void A_fold_is_the_rank_of_the_hash_within_the_class()
    {
        float[] labels = [0, 1, 0, 0, 1, 0, 0];
        var folds = new StratifiedFolds(labels, 2, seed: 42);
        int[] negatives = [0, 2, 3, 5, 6];
        var ranked = negatives.OrderBy(row => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(row + "|42"))), StringComparer.Ordinal).ToArray();
        for (var rank = 0; rank < ranked.Length; rank++)
            Assert.Equal(rank % 2, folds.FoldOfRow[ranked[rank]]);
        Assert.NotEqual(folds.FoldOfRow[1], folds.FoldOfRow[4]);
    }

    [Fact]
    public void Known_hashes_pin_the_bytes_that_are_hashed()
    {
        var order = new[] { 0, 1, 2 }.OrderBy(row => Known[row], StringComparer.Ordinal).ToArray();
        var folds = new StratifiedFolds([0, 0, 0], 3, seed: 42);
        for (var rank = 0; rank < 3; rank++)
            Assert.Equal(rank, folds.FoldOfRow[order[rank]]);
    }

    [Fact]
    public void Folds_part_the_rows_and_keep_the_share_of_each_class()
    {
        var labels = Enumerable.Range(0, 103).Select(row => row % 10 == 0 ? 1f : 0).ToArray();
        var folds = new StratifiedFolds(labels, 5, seed: 1);
        Assert.Equal(Enumerable.Range(0, 103), Enumerable.Range(0, 5).SelectMany(folds.Test).Order());
        for (var fold = 0; fold < 5; fold++)
        {
            Assert.InRange(folds.Test(fold).Length, 20, 22);
            Assert.InRange(folds.Test(fold).Count(row => labels[row] == 1), 2, 3);
            Assert.Empty(folds.Test(fold).Intersect(folds.Train(fold)));
            Assert.Equal(103, folds.Test(fold).Length + folds.Train(fold).Length);
        }

        Assert.NotEqual(folds.FoldOfRow.ToArray(), new StratifiedFolds(labels, 5, seed: 2).FoldOfRow.ToArray());
    }
}
