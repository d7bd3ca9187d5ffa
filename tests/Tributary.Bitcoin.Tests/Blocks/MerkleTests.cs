using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Blocks;

public sealed class MerkleTests
{
    [Fact]
    public void A_tree_of_one_is_its_leaf_and_of_none_is_zero()
    {
        Assert.Equal(Leaves(1)[0], MerkleTree.Root(Leaves(1)));
        Assert.True(MerkleTree.Root([]).IsZero);
    }

    [Fact]
    public void An_odd_end_counts_twice_so_a_repeated_tail_has_the_same_root_and_shows()
    {
        var leaves = Leaves(6);
        Bytes32[] repeated = [.. leaves, leaves[4], leaves[5]];

        Assert.Equal(MerkleTree.Root(leaves, out var isMutated), MerkleTree.Root(repeated, out var isRepeatedMutated));
        Assert.False(isMutated);
        Assert.True(isRepeatedMutated);
    }

    [Fact]
    public void A_proof_holds_for_its_leaf_at_its_place_and_nowhere_else() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte size, byte place) =>
        {
            var leaves = Leaves(size % 70 + 1);
            var index = place % leaves.Length;
            var header = new BlockHeader(1, default, MerkleTree.Root(leaves), 0, 0, 0);
            var proof = MerkleProof.Create(leaves, index);
            return proof.Verify(new TxId(leaves[index]), header).IsOk
                && !proof.Verify(new TxId(Hashes.Sha256(leaves[index].Span)), header).IsOk
                && !(proof with { Index = index + (1 << proof.Siblings.Length) }).Verify(new TxId(leaves[index]), header).IsOk
                && !(proof with { Index = -1 }).Verify(new TxId(leaves[index]), header).IsOk;
        }));

    [Fact]
    public void A_partial_tree_proves_what_it_was_made_for() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte size, int seed) =>
        {
            var leaves = Leaves(size % 70 + 1);
            var random = new Random(seed);
            var wanted = leaves.Select(_ => random.Next(4) == 0).ToArray();
            var tree = PartialMerkleTree.Create(leaves, i => wanted[i]);
            var matches = tree.Extract().Value;
            return matches.Root == MerkleTree.Root(leaves)
                && matches.Matches.Select(static match => match.Index).SequenceEqual(Enumerable.Range(0, leaves.Length).Where(i => wanted[i]))
                && matches.Matches.All(match => match.TxId.Value == leaves[match.Index]);
        }));

    [Fact]
    public void A_proof_of_a_block_is_read_back_and_verified()
    {
        var block = Samples.Block(3, [.. Enumerable.Range(0, 20).Select(static i => Samples.Random(i))]);
        var wanted = block.Transactions[7].TxId;
        var bytes = MerkleBlock.Create(block, id => id == wanted).ToBytes();

        var proof = MerkleBlock.Parse(bytes).Value;
        Assert.Equal(bytes, proof.ToBytes());
        Assert.Equal([new PartialMerkleMatch(7, wanted)], proof.Verify().Value.Matches);
        Assert.Equal(block.Hash, proof.Header.Hash);

        // Another root.
        bytes[40] ^= 1;
        Assert.Equal("tree", MerkleBlock.Parse(bytes).Value.Verify().Error.Field);
    }

    [Theory]
    [InlineData(0, "transactions")]
    [InlineData(16_667, "transactions")]
    [InlineData(1, "hashes")]
    public void A_proof_claims_no_more_than_a_block_holds(int count, string field)
    {
        var writer = new ByteWriter();
        default(BlockHeader).WriteTo(writer);
        writer.WriteUInt32LittleEndian((uint)count);
        writer.WriteCompactSize(2);
        writer.WriteBytes(new byte[64]);
        writer.WriteCompactSizeBytes([1]);

        Assert.Contains(field, MerkleBlock.Parse(writer.WrittenSpan).Error.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_break_the_reader()
    {
        var block = Samples.Block(3, [.. Enumerable.Range(0, 9).Select(static i => Samples.Random(i))]);
        Fuzz.Run(
            [MerkleBlock.Create(block, static _ => true).ToBytes(), MerkleBlock.Create(block, id => id == block.Transactions[4].TxId).ToBytes()],
            bytes =>
            {
                if (!MerkleBlock.Parse(bytes).TryGet(out var proof) || !proof.Verify().TryGet(out var matches) || proof.Header.MerkleRoot != block.Header.MerkleRoot)
                    return;
                if (matches.Matches.Any(match => block.Transactions[match.Index].TxId != match.TxId))
                    throw new InvalidOperationException("a transaction is proven that the block does not hold");
            });
    }

    private static Bytes32[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(static i => Hashes.Sha256(BitConverter.GetBytes(i)))];
}
