using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.OnChain;

public sealed class ClaimRecordCodecTests
{
    private static readonly Transaction s_transaction = Transaction.Create(
        2, [new TxIn(new OutPoint(new TxId(Hashes.Sha256("a"u8)), 3))], [new TxOut(new Satoshis(5_000), StandardScripts.P2wpkh(new byte[20]))], 17);

    private static readonly FeeCoin s_coin = new(new OutPoint(new TxId(Hashes.Sha256("b"u8)), 1), new TxOut(new Satoshis(9_000), StandardScripts.P2wpkh(new byte[20])), 107);

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, Records.Length)];

    private static ClaimRecord[] Records =>
    [
        new ClaimRecord.CommitmentReleased(100, "the operator asked for it: ü"),
        new ClaimRecord.TransactionConfirmed(101, s_transaction),
        new ClaimRecord.ChainRewound(7),
        new ClaimRecord.CloseOrphaned(s_transaction),
        new ClaimRecord.PreimageLearnt(Hashes.Sha256("h"u8), Hashes.Sha256("p"u8)),
        new ClaimRecord.ClaimMade(new ClaimTransaction(s_transaction, [s_coin], new Satoshis(300), 800), [s_transaction.PreviousOutput(0), s_coin.OutPoint], 5, 6),
        new ClaimRecord.CoinsGranted(s_coin.OutPoint, [s_coin, s_coin], StandardScripts.P2wpkh(new byte[20])),
        new ClaimRecord.CoinsReturned(s_coin.OutPoint),
        new ClaimRecord.HtlcResolved(true, 9, Hashes.Sha256("h"u8), ChainOutcome.Fulfilled, Hashes.Sha256("p"u8)),
        new ClaimRecord.Finished(300),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_record_is_read_as_it_was_written(int kind)
    {
        var bytes = ClaimRecordCodec.Encode(Records[kind]);
        var read = ClaimRecordCodec.Decode(bytes);
        Assert.True(read.IsOk);
        Assert.Equal(Records[kind].GetType(), read.Value.GetType());
        Assert.Equal(bytes, ClaimRecordCodec.Encode(read.Value));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_cut_or_longer_record_is_refused(int kind)
    {
        var bytes = ClaimRecordCodec.Encode(Records[kind]);
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(ClaimRecordCodec.Decode(bytes.AsSpan(0, length)).IsOk);
        Assert.False(ClaimRecordCodec.Decode([.. bytes, 0]).IsOk);
    }

    [Fact]
    public void Unknown_kinds_and_versions_are_refused_with_what_to_do()
    {
        var bytes = ClaimRecordCodec.Encode(Records[2]);
        Assert.Contains("not known", ClaimRecordCodec.Decode([99, .. bytes.AsSpan(1)]).Error.Reason, StringComparison.Ordinal);
        Assert.Contains("not known", ClaimRecordCodec.Decode([bytes[0], 2, .. bytes.AsSpan(2)]).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_a_record_or_a_refusal() => Fuzz.Run(
        [.. Records.Select(ClaimRecordCodec.Encode)],
        static bytes =>
        {
            if (ClaimRecordCodec.Decode(bytes).TryGet(out var record, out _) && !ClaimRecordCodec.Decode(ClaimRecordCodec.Encode(record)).IsOk)
                throw new InvalidOperationException("A record that was read is not read again.");
        });
}
