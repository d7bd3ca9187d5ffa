using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Blocks;

public sealed class BlockTests
{
    /// <summary>The first block of mainnet.</summary>
    private const string Genesis =
        "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c0101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000";

    [Fact]
    public void The_first_block_has_its_known_hash_and_meets_its_target()
    {
        var block = Block.Parse(Convert.FromHexString(Genesis)).Value;

        Assert.Equal(BitcoinNetwork.Mainnet.GenesisHash, block.Hash);
        Assert.Equal("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", block.Transactions[0].TxId.ToString());
        Assert.Equal(block.Header.MerkleRoot, MerkleTree.TransactionRoot(block, out var isMutated));
        Assert.False(isMutated);
        Assert.Equal(285 * 4, block.Weight);
        Assert.True(Target.TryFromCompact(0x1d00ffff, out var limit));
        Assert.Null(BlockChecks.CheckWork(block.Header, limit));
        Assert.Null(BlockChecks.Check(block));
    }

    [Fact]
    public void A_block_reads_back_the_same_and_its_sizes_add_up()
    {
        var block = Samples.Block(5, Samples.Random(1), Samples.Random(2, withWitness: false));
        var read = Block.Parse(block.Memory.Span).Value;

        Assert.Equal(block.Hash, read.Hash);
        Assert.Equal(block.Transactions.AsEnumerable(), read.Transactions);
        Assert.Equal(81 + block.Transactions.Sum(static transaction => transaction.BaseSize), block.BaseSize);
        Assert.Equal(block.Memory.Length, block.TotalSize);
    }

    [Theory]
    [InlineData(40, "header")]
    [InlineData(81, "transactions")]
    [InlineData(120, "transactions[0]")]
    [InlineData(300, "transactions[")]
    public void A_block_that_is_cut_short_is_refused(int length, string field)
    {
        var block = Samples.Block(5, Samples.Random(1), Samples.Random(2));

        var parsed = Block.Parse(block.Memory.Span[..length]);

        Assert.False(parsed.IsOk);
        Assert.Contains(field, parsed.Error.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_after_the_end_are_refused() =>
        Assert.Contains("1 bytes after", Block.Parse([.. Samples.Block(5).Memory.Span, 0]).Error.Reason, StringComparison.Ordinal);

    [Fact]
    public void A_parsed_block_takes_less_than_half_more_than_its_bytes()
    {
        // One input and two outputs, the smallest of common payments.
        var (payment, _) = Samples.P2wpkhSpend();
        var bytes = Samples.Block(5, [.. Enumerable.Repeat(payment, 3000)]).Memory.ToArray();
        Block.Parse(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var block = Block.Parse(bytes).Value;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(3001, block.Transactions.Length);
        Assert.True(bytes.Length + allocated < bytes.Length * 1.5, $"{allocated} bytes for a block of {bytes.Length}");
    }

    [Fact]
    public void No_bytes_break_the_reader() =>
        Fuzz.Run(
            [Convert.FromHexString(Genesis), Samples.Block(5, Samples.Random(3), Samples.Random(4)).Memory.ToArray()],
            static bytes =>
            {
                if (Block.Parse(bytes).TryGet(out var block) && !block.Memory.Span.SequenceEqual(bytes))
                    throw new InvalidOperationException("the block is not the bytes");
            });

    [Fact]
    public void No_bytes_break_the_reader_of_headers() =>
        Fuzz.Run(
            [Convert.FromHexString(Genesis)[..80]],
            static bytes =>
            {
                var reader = new SpanReader(bytes);
                if (BlockHeader.TryRead(ref reader, out var header) != bytes.Length >= BlockHeader.Size || (reader.Position == 80 && header.Hash.Value.IsZero))
                    throw new InvalidOperationException("a header is 80 bytes");
            });
}
