using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Records;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Wallets.State;

public sealed class WalletRecordCodecTests
{
    private static readonly Transaction s_transaction = Transaction.Create(2, [new TxIn(new OutPoint(default, 1))], [new TxOut(new Satoshis(5), StandardScripts.P2a)]);
    private static readonly ChainTip s_block = new(77, new BlockHash(new Bytes32([.. Enumerable.Range(0, 32).Select(static i => (byte)i)])));

    private static readonly WalletRecord[] s_records =
    [
        new WalletRecord.Created("regtest", 1_700_000_000, s_block, 20),
        new WalletRecord.Created("mainnet", 1_700_000_000, Birthday: null, 1000),
        new WalletRecord.SeedStored(IsSealed: true, new byte[] { 1, 2, 3 }),
        new WalletRecord.AccountAdded(1, WalletAccountKind.Bip86, HasKeys: true, "tr(a)", "tr(b)"),
        new WalletRecord.AccountAdded(0, WalletAccountKind.Descriptor, HasKeys: false, "raw(00)", Change: null),
        new WalletRecord.AddressIssued(new ScriptPlace(1, IsChange: true, 0x7fff_ffff)),
        new WalletRecord.TransactionAdded(s_transaction, 1_700_000_001, IsOwn: true, new Satoshis(141), s_transaction.TxId),
        new WalletRecord.TransactionAdded(s_transaction, 0, IsOwn: false, Fee: null, Replaces: null),
        new WalletRecord.TransactionConfirmed(s_transaction.TxId, s_block, 12),
        new WalletRecord.TransactionConflicted(s_transaction.TxId, default, s_block),
        new WalletRecord.TransactionAbandoned(s_transaction.TxId),
        new WalletRecord.TipAdvanced(s_block),
        new WalletRecord.TipRetreated(s_block),
        new WalletRecord.CoverageReached(3, IsChange: false, 400),
        new WalletRecord.LeaseTaken("abc", [new OutPoint(s_transaction.TxId, 4), new OutPoint(default, 0)], 1_800_000_000, "channel"),
        new WalletRecord.LeaseTaken("abd", [], ExpiresAt: null, ""),
        new WalletRecord.LeaseReleased("abc"),
        new WalletRecord.LabelSet("tx:00", "Miete für Mai ₿"),
    ];

    [Fact]
    public void Every_record_reads_back()
    {
        foreach (var record in s_records)
        {
            var bytes = WalletRecordCodec.Encode(record);
            var back = WalletRecordCodec.Decode(bytes).Value.Record!;
            Assert.Equal(record.GetType(), back.GetType());
            Assert.Equal(Hex.Encode(bytes), Hex.Encode(WalletRecordCodec.Encode(back)));
        }

        var kinds = typeof(WalletRecord).GetNestedTypes(System.Reflection.BindingFlags.NonPublic);
        Assert.Equal(kinds.Length, s_records.Select(static record => record.GetType()).Distinct().Count());
    }

    [Fact]
    public void Bytes_that_a_later_version_appends_are_passed_over()
    {
        foreach (var record in s_records)
        {
            byte[] later = [.. WalletRecordCodec.Encode(record), 1, 2, 3];
            later[1] = 9;
            Assert.NotNull(WalletRecordCodec.Decode(later).Value.Record);
        }
    }

    [Fact]
    public void An_unknown_record_stops_when_it_matters_and_is_passed_over_when_not()
    {
        Assert.Equal("wallet.record: of kind 200 is not known to this program: upgrade it", WalletRecordCodec.Decode(new byte[] { 200, 0 }).Error.ToString());
        Assert.Null(WalletRecordCodec.Decode(new byte[] { 201, 0, 5 }).Value.Record);
        Assert.Equal("wallet.record: is empty", WalletRecordCodec.Decode(default).Error.ToString());
        Assert.Contains("damaged", WalletRecordCodec.Decode(new byte[] { 2, 0 }).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() => Fuzz.Run(
        [.. s_records.Select(WalletRecordCodec.Encode)],
        static input => _ = WalletRecordCodec.Decode(input.ToArray()),
        limits: new FuzzLimits(BytesPerInputByte: 32, Bytes: 8192));
}
