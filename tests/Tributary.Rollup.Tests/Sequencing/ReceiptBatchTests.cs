using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Sequencing;

namespace Tributary.Rollup.Tests.Sequencing;

public sealed class ReceiptBatchTests
{
    private static readonly SeededEntropy s_entropy = new(3);
    private static readonly Bytes32 s_rollup = Name(1000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(65)]
    public void Every_receipt_of_a_moment_stands_alone_and_for_nothing_else(int count)
    {
        using var key = SecretKey.Generate(s_entropy);
        using var other = SecretKey.Generate(s_entropy);
        var (mine, yours) = (key.PublicKey.ToXOnly(out _), other.PublicKey.ToXOnly(out _));
        var receipts = ReceiptBatch.Sign(s_rollup, [.. Enumerable.Range(0, count).Select(static i => (new OperationPlace(7, i), Name(i)))], key, s_entropy);
        Assert.Equal(count, receipts.Length);
        for (var i = 0; i < count; i++)
        {
            var receipt = receipts[i];
            Assert.Equal((s_rollup, 7ul, i, Name(i)), (receipt.Rollup, receipt.Batch, receipt.Position, receipt.Operation));
            Assert.True(Receipt.IsSignatureLength(receipt.Signature.Length));
            Assert.True(receipt.IsSignedBy(mine));
            Assert.False(receipt.IsSignedBy(yours));
            Assert.False((receipt with { Position = i + 1 }).IsSignedBy(mine));
            Assert.False((receipt with { Batch = 8 }).IsSignedBy(mine));
            Assert.False((receipt with { Rollup = Name(1) }).IsSignedBy(mine));
            Assert.False((receipt with { Operation = Name(i + 1) }).IsSignedBy(mine));
        }
    }

    [Fact]
    public void Every_changed_byte_of_signature_and_path_is_refused_and_so_is_another_length()
    {
        using var key = SecretKey.Generate(s_entropy);
        var mine = key.PublicKey.ToXOnly(out _);
        var receipt = ReceiptBatch.Sign(s_rollup, [.. Enumerable.Range(0, 5).Select(static i => (new OperationPlace(7, i), Name(i)))], key, s_entropy)[2];
        Assert.Equal(64 + (3 * 32), receipt.Signature.Length);
        for (var i = 0; i < receipt.Signature.Length; i++)
        {
            var changed = receipt.Signature.ToArray();
            changed[i] ^= 1;
            Assert.False((receipt with { Signature = changed }).IsSignedBy(mine));
        }

        foreach (var length in (int[])[0, 63, 64, 65, 96, 128, 159])
            Assert.False((receipt with { Signature = receipt.Signature[..length] }).IsSignedBy(mine));
        Assert.False((receipt with { Signature = (byte[])[.. receipt.Signature.Span, .. new byte[32]] }).IsSignedBy(mine));
        Assert.False((receipt with { Signature = (byte[])[.. receipt.Signature.Span, .. new byte[32 * 14]] }).IsSignedBy(mine));
    }

    [Fact]
    public void A_node_of_the_tree_is_no_receipt()
    {
        // Whoever calls a node's hash an operation would need a receipt that hashes to it: leaves and nodes have tags of their own.
        using var key = SecretKey.Generate(s_entropy);
        var receipts = ReceiptBatch.Sign(s_rollup, [(new OperationPlace(1, 0), Name(0)), (new OperationPlace(1, 1), Name(1))], key, s_entropy);
        var node = Receipt.Join(Receipt.Hash(s_rollup, 1, 0, Name(0)), Receipt.Hash(s_rollup, 1, 1, Name(1)));
        Assert.False((receipts[0] with { Operation = node, Signature = receipts[0].Signature[..64] }).IsSignedBy(key.PublicKey.ToXOnly(out _)));
        Assert.True(Schnorr.Verify(key.PublicKey.ToXOnly(out _), node.Span, receipts[0].Signature.Span[..64]));
    }

    private static Bytes32 Name(int number)
    {
        var bytes = new byte[Bytes32.Length];
        BitConverter.TryWriteBytes(bytes, number + 1);
        return new Bytes32(bytes);
    }
}
