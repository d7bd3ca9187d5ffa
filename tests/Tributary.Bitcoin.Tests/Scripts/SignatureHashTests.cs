using System.Text.Json;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Scripts;

public sealed class SignatureHashTests
{
    [Fact]
    public void Segwit_v0_gives_the_hash_of_BIP_143()
    {
        // "Native P2WPKH" of BIP 143: the second input spends 6 bitcoin.
        var amount = new Satoshis(600_000_000);
        var code = StandardScripts.P2pkh(Samples.Hash160(Samples.Segwit.Witness(1)[1].Span));

        var hash = SignatureHash.SegwitV0(Samples.Segwit, 1, code.Span, amount, SighashType.All);

        Assert.Equal("c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670", hash.ToString());
        Assert.Equal(hash, SignatureHash.SegwitV0(Samples.Segwit, 1, code.Span, amount, SighashType.All, new PrecomputedTransactionData(Samples.Segwit)));
    }

    [Fact]
    public void Taproot_gives_the_hashes_of_BIP_341_and_the_signed_transaction_passes()
    {
        using var document = Tributary.Testing.Vectors.Json("bitcoin/bip341_wallet_vectors.json");
        var group = document.RootElement.GetProperty("keyPathSpending")[0];
        var unsigned = Transaction.Parse(group.GetProperty("given").GetProperty("rawUnsignedTx").GetString()!.AsSpan()).Value;
        var spent = group.GetProperty("given").GetProperty("utxosSpent").EnumerateArray().Select(static output => new TxOut(
            new Satoshis(output.GetProperty("amountSats").GetInt64()), new Script(output.GetProperty("scriptPubKey").GetBytesFromHex()))).ToArray();
        var cache = new PrecomputedTransactionData(unsigned, spent, forSigning: true);

        foreach (var input in group.GetProperty("inputSpending").EnumerateArray())
        {
            var given = input.GetProperty("given");
            var hash = SignatureHash.Taproot(unsigned, given.GetProperty("txinIndex").GetInt32(), spent, given.GetProperty("hashType").GetByte(), cache: cache);
            Assert.Equal(input.GetProperty("intermediary").GetProperty("sigHash").GetString(), hash.ToString());
        }

        var signed = Transaction.Parse(group.GetProperty("auxiliary").GetProperty("fullySignedTx").GetString()!.AsSpan()).Value;
        Assert.Equal(ScriptError.Ok, TransactionVerifier.VerifyAll(signed, spent, ScriptFlags.Standard, out var failed));
        Assert.Equal(-1, failed);
    }

    [Fact]
    public void Legacy_single_without_an_output_is_the_number_one()
    {
        var transaction = Transaction.Create(2, [new TxIn(OutPoint.Null), new TxIn(OutPoint.Null)], [new TxOut(new Satoshis(1), Script.Empty)]);

        Assert.Equal("01" + new string('0', 62), SignatureHash.Legacy(transaction, 1, [], SighashType.Single).ToString());
        Assert.NotEqual("01" + new string('0', 62), SignatureHash.Legacy(transaction, 0, [], SighashType.Single).ToString(), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(0x80, false)]
    [InlineData(0x81, true)]
    [InlineData(0x83, true)]
    [InlineData(0x84, false)]
    public void Taproot_has_seven_hash_types(byte hashType, bool exists)
    {
        var (transaction, spent) = Samples.P2trSpend();

        Assert.Equal(exists, SignatureHash.TryTaproot(transaction, 0, [spent], hashType, out _));
    }

    [Fact]
    public void Taproot_single_needs_its_output()
    {
        var transaction = Transaction.Create(2, [new TxIn(OutPoint.Null), new TxIn(OutPoint.Null)], [new TxOut(new Satoshis(1), Script.Empty)]);
        TxOut[] spent = [default, default];

        Assert.True(SignatureHash.TryTaproot(transaction, 0, spent, SighashType.Single, out _));
        Assert.False(SignatureHash.TryTaproot(transaction, 1, spent, SighashType.Single, out _));
        Assert.Throws<ArgumentException>(() => SignatureHash.Taproot(transaction, 1, spent, SighashType.Single));
    }

    [Fact]
    public void Every_part_that_a_hash_type_covers_changes_the_hash()
    {
        var (transaction, spent) = Samples.P2trSpend();
        var all = SignatureHash.Taproot(transaction, 0, [spent], SighashType.All);
        var later = Transaction.Create(2, transaction.Inputs.ToArray(), transaction.Outputs.ToArray(), lockTime: 1);

        Assert.NotEqual(all, SignatureHash.Taproot(transaction, 0, [spent], SighashType.Default));
        Assert.NotEqual(all, SignatureHash.Taproot(transaction, 0, [spent with { Value = new Satoshis(1) }], SighashType.All));
        Assert.NotEqual(all, SignatureHash.Taproot(later, 0, [spent], SighashType.All));
        Assert.NotEqual(all, SignatureHash.Taproot(transaction, 0, [spent], SighashType.All, annex: [0x50]));
        Assert.NotEqual(all, SignatureHash.Taproot(transaction, 0, [spent], SighashType.All, leafHash: all));
        Assert.NotEqual(
            SignatureHash.Taproot(transaction, 0, [spent], SighashType.All, leafHash: all),
            SignatureHash.Taproot(transaction, 0, [spent], SighashType.All, leafHash: all, codeSeparatorPosition: 0));
    }
}

internal static class JsonHex
{
    public static byte[] GetBytesFromHex(this JsonElement element) => Convert.FromHexString(element.GetString()!);
}
