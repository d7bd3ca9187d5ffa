using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Transactions;

public sealed class TransactionTests
{
    private const string Input = "0000000000000000000000000000000000000000000000000000000000000001" + "00000000" + "0151" + "ffffffff";

    [Fact]
    public void A_segwit_transaction_shows_its_parts()
    {
        var transaction = Samples.Segwit;

        Assert.Equal(1u, transaction.Version);
        Assert.Equal(17u, transaction.LockTime);
        Assert.Equal((2, 2), (transaction.InputCount, transaction.OutputCount));
        Assert.True(transaction.HasWitness);
        Assert.Equal("9f96ade4b41d5433f4eda31e1738ec2b36f6e7d1420d94a6af99801a88f7f7ff:0", transaction.PreviousOutput(0).ToString());
        Assert.Equal(0xffff_ffeeu, transaction.Sequence(0));
        Assert.True(transaction.Witness(0).IsEmpty);
        Assert.Equal(2, transaction.Witness(1).Count);
        Assert.Equal(33, transaction.Witness(1)[1].Length);
        Assert.Equal(new Satoshis(112_340_000), transaction.OutputValue(0));
        Assert.Equal(transaction.Output(1).Value, transaction.OutputValue(1));
        Assert.Equal(transaction.Input(1).Witness, transaction.Witness(1));
        Assert.Equal(transaction.TotalSize, Samples.SegwitHex.Length / 2);
        Assert.Equal(transaction.TotalSize - 2 - 1 - transaction.Witness(1).SerializedSize, transaction.BaseSize);
        Assert.Equal((transaction.BaseSize * 3) + transaction.TotalSize, transaction.Weight);
        Assert.Equal(Samples.SegwitHex, transaction.ToHex());
    }

    [Fact]
    public void The_ids_are_the_hashes_without_and_with_witnesses()
    {
        var transaction = Samples.Segwit;
        var stripped = new ByteWriter();
        transaction.WriteWithoutWitness(stripped);

        Assert.Equal(stripped.Length, transaction.BaseSize);
        Assert.Equal(new TxId(Crypto.Hashes.Sha256d(stripped.WrittenSpan)), transaction.TxId);
        Assert.Equal(new WtxId(Crypto.Hashes.Sha256d(transaction.Memory.Span)), transaction.WtxId);

        // The first payment on the chain, from Satoshi to Hal Finney.
        var legacy = Transaction.Parse("0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d831cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac00000000".AsSpan()).Value;
        Assert.Equal("f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16", legacy.TxId.ToString());
        Assert.Equal(legacy.TxId.Value, legacy.WtxId.Value);
        Assert.Equal(legacy.TotalSize, legacy.BaseSize);
    }

    [Fact]
    public void What_is_built_reads_back_the_same() =>
        Check.QuickThrowOnFailure(Prop.ForAll((int seed, bool withWitness) =>
        {
            var transaction = Samples.Random(seed, withWitness);
            var read = Transaction.Parse(transaction.Memory.Span).Value;
            var rebuilt = Transaction.Create(read.Version, read.Inputs.ToArray(), read.Outputs.ToArray(), read.LockTime);
            return read.Equals(transaction) && rebuilt.Equals(transaction) && read.TxId == transaction.TxId && read.WtxId == transaction.WtxId
                && read.HasWitness == read.Inputs.Any(static input => !input.Witness.IsEmpty);
        }));

    [Theory]
    [InlineData("", "version")]
    [InlineData("02000000", "inputs")]
    [InlineData("0200000001" + Input, "outputs")]
    [InlineData("0200000002" + Input, "inputs")]
    [InlineData("0200000001" + Input + "01", "outputs")]
    [InlineData("0200000001" + Input + "00000000", "lock time")]
    [InlineData("0200000001" + Input + "000000000000", "1 bytes after")]
    [InlineData("02000000fdfd00" + Input, "inputs")]
    [InlineData("02000000fd0100" + Input + "0000000000", "inputs")]
    [InlineData("0200000000020100", "unknown flag")]
    [InlineData("02000000000101" + Input + "000000000000", "has none")]
    [InlineData("02000000000101" + Input + "000200", "inside the witness of input 0")]
    [InlineData("0200000001ffffffffffffffff", "inputs")]
    [InlineData("0200000001" + "0000000000000000000000000000000000000000000000000000000000000001" + "00000000" + "feffffff7f51ffffffff", "inside input 0")]
    public void Malformed_bytes_are_refused_with_the_place(string hex, string reason)
    {
        var parsed = Transaction.Parse(hex.AsSpan());

        Assert.False(parsed.IsOk);
        Assert.Equal("transaction", parsed.Error.Field);
        Assert.Contains(reason, parsed.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_inputs_and_outputs_the_flag_is_the_count_of_outputs()
    {
        var transaction = Transaction.Parse("02000000000000000000".AsSpan()).Value;

        Assert.Equal((0, 0), (transaction.InputCount, transaction.OutputCount));
        Assert.False(transaction.HasWitness);
        Assert.Equal(10, transaction.Weight / 4);
    }

    [Fact]
    public void A_transaction_without_inputs_can_be_built_for_others_to_fund()
    {
        var transaction = Transaction.Create(2, [], [new TxOut(new Satoshis(1), Script.Empty)]);

        Assert.Equal((0, 1), (transaction.InputCount, transaction.OutputCount));
        Assert.False(transaction.HasWitness);
        Assert.False(transaction.IsCoinbase);
    }

    [Fact]
    public void Places_outside_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => Samples.Segwit.Input(2));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Samples.Segwit.Output(-1));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Samples.Segwit.Witness(2));
    }

    [Fact]
    public void No_bytes_break_the_reader() =>
        Fuzz.Run(
            [Samples.Segwit.Memory.ToArray(), .. Enumerable.Range(0, 8).Select(static seed => Samples.Random(seed).Memory.ToArray())],
            static bytes =>
            {
                if (!Transaction.Parse(bytes).TryGet(out var transaction))
                    return;
                if (!transaction.Memory.Span.SequenceEqual(bytes))
                    throw new InvalidOperationException("the transaction is not the bytes");
                for (var i = 0; i < transaction.InputCount; i++)
                {
                    foreach (var item in transaction.Input(i).Witness)
                        _ = item.Length;
                }

                for (var i = 0; i < transaction.OutputCount; i++)
                    _ = StandardScripts.Classify(transaction.Output(i).ScriptPubKey);
                _ = transaction.TxId;
                _ = TransactionChecks.Check(transaction);
            });
}
