using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;

namespace Tributary.Rollup.Sequencing;

/// <summary>
/// Receipts of one moment under one signature: it is of the root of a tree over them, and each holds its path. It binds the operator to each as a
/// signature of its own would: leaves and nodes are hashed under different tags, so a path leads to no receipt but those that were in the tree.
/// </summary>
internal static class ReceiptBatch
{
    /// <summary>Signs receipts of operations, in their order.</summary>
    internal static Receipt[] Sign(Bytes32 rollup, IReadOnlyList<(OperationPlace Place, Bytes32 Operation)> operations, SecretKey key, IEntropy entropy)
    {
        if (operations.Count > 1 << Receipt.PathMax)
            throw new ArgumentException("More receipts than a path leads to.", nameof(operations));
        if (operations.Count == 0)
            return [];
        var level = new Bytes32[operations.Count];
        for (var i = 0; i < level.Length; i++)
            level[i] = Receipt.Hash(rollup, operations[i].Place.Batch, operations[i].Place.Position, operations[i].Operation);
        var levels = new List<Bytes32[]>();
        for (; level.Length > 1; level = Above(level))
            levels.Add(level);
        Span<byte> signature = stackalloc byte[Schnorr.SignatureLength];
        Schnorr.Sign(key, level[0].Span, entropy, signature);
        var receipts = new Receipt[operations.Count];
        for (var i = 0; i < receipts.Length; i++)
            receipts[i] = new Receipt(rollup, operations[i].Place.Batch, operations[i].Place.Position, operations[i].Operation, WithPath(signature, levels, i));
        return receipts;
    }

    // The last of an odd number goes up as it is.
    private static Bytes32[] Above(Bytes32[] level)
    {
        var above = new Bytes32[(level.Length + 1) / 2];
        for (var i = 0; i < above.Length; i++)
            above[i] = (2 * i) + 1 < level.Length ? Receipt.Join(level[2 * i], level[(2 * i) + 1]) : level[2 * i];
        return above;
    }

    private static byte[] WithPath(ReadOnlySpan<byte> signature, List<Bytes32[]> levels, int place)
    {
        var writer = new ByteWriter(Schnorr.SignatureLength + (levels.Count * Bytes32.Length));
        writer.WriteBytes(signature);
        foreach (var level in levels)
        {
            if ((place ^ 1) < level.Length)
                writer.WriteBytes32(level[place ^ 1]);
            place >>= 1;
        }

        return writer.ToArray();
    }
}
