using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Descriptors;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Psbt;

public sealed class PsbtRoleTests
{
    private const string First = "xprvA1RpRA33e1JQ7ifknakTFpgNXPmW2YvmhqLQYMmrj4xJXXWYpDPS3xz7iAxn8L39njGVyuoseXzU6rcxFLJ8HFsTjSyQbLYnMpCqE2VbFWc/0/*";
    private const string Second = "xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L/1/*";
    private const string Third = "[deadbeef/44h]xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSpSBHNqPqm55Qn3LqFtT2emdEXVYsCzC2U/2/*";
    private const string NobodysKey = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";
    private const string Uncompressed = "5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss";

    private static readonly SeededEntropy s_entropy = new(7);

    [Theory]
    [InlineData($"pk({First})")]
    [InlineData($"pkh({First})")]
    [InlineData($"pkh({Uncompressed})")]
    [InlineData($"wpkh({Third})")]
    [InlineData($"sh(wpkh({First}))")]
    [InlineData($"multi(1,{First},{Second})")]
    [InlineData($"sh(multi(2,{First},{Second},{Third}))")]
    [InlineData($"sh(pkh({First}))")]
    [InlineData($"wsh(pk({First}))")]
    [InlineData($"wsh(pkh({First}))")]
    [InlineData($"wsh(sortedmulti(2,{First},{Second},{Third}))")]
    [InlineData($"sh(wsh(multi(3,{First},{Second},{Third})))")]
    [InlineData($"tr({First})")]
    [InlineData($"tr({First},pk({Second}))")]
    [InlineData($"tr({NobodysKey},pk({Second}))")]
    [InlineData($"tr({NobodysKey},{{pk({Second}),{{pkh({Third}),multi_a(2,{First},{Second})}}}})")]
    [InlineData($"tr({NobodysKey},sortedmulti_a(2,{First},{Second},{Third}))")]
    [InlineData($"tr({NobodysKey},pkh({Third}))")]
    [InlineData($"rawtr({First})")]
    public void Every_script_of_a_descriptor_is_signed_finalised_and_spent(string text)
    {
        using var descriptor = Descriptor.Parse(text, BitcoinNetwork.Mainnet).Value;
        using var watching = Descriptor.Parse(descriptor.ToNormalizedString(), BitcoinNetwork.Mainnet).Value;
        var script = watching.Derive(5).Value[0];
        var psbt = Spend(script);
        Assert.NotEmpty(PsbtFinalizer.Complete(psbt).Problems);

        var signed = PsbtSigner.Sign(psbt, descriptor, s_entropy).Value;
        Assert.True(signed.SignatureCount > 0);
        var again = PartiallySignedTransaction.Parse(signed.Psbt.ToBytes()).Value;
        var final = PsbtFinalizer.Complete(again);
        Assert.Empty(final.Problems);
        var transaction = PsbtFinalizer.Extract(final.Psbt).Value;
        Assert.Equal(ScriptError.Ok, TransactionVerifier.VerifyInput(transaction, 0, [psbt.SpentOutput(0)!.Value], ScriptFlags.Standard));
    }

    [Theory]
    [InlineData($"wsh(multi(2,{First},{Second}))")]
    [InlineData($"sh(multi(2,{First},{Second}))")]
    [InlineData($"tr({NobodysKey},multi_a(2,{First},{Second}))")]
    public void Signers_work_apart_and_the_combiner_joins_them(string text)
    {
        using var all = Descriptor.Parse(text, BitcoinNetwork.Mainnet).Value;
        using var first = ExtendedPrivateKey.Parse(First.Split('/')[0]).Value;
        using var second = ExtendedPrivateKey.Parse(Second.Split('/')[0]).Value;
        var psbt = Spend(all.Derive(0).Value[0]);
        var one = PsbtSigner.Sign(psbt, new HierarchicalKeySource(first), s_entropy).Value;
        var two = PsbtSigner.Sign(psbt, new HierarchicalKeySource(second), s_entropy).Value;
        Assert.Equal((1, 1), (one.SignatureCount, two.SignatureCount));
        Assert.False(PsbtFinalizer.Complete(one.Psbt).IsComplete);
        var joined = PsbtCombiner.Combine([one.Psbt, two.Psbt]).Value;
        Assert.Equal(joined.ToBase64(), PsbtCombiner.Combine([two.Psbt, one.Psbt]).Value.ToBase64());
        Assert.True(PsbtFinalizer.Complete(joined).IsComplete);
    }

    [Fact]
    public void An_amount_that_the_previous_transaction_does_not_have_is_refused()
    {
        using var descriptor = Descriptor.Parse($"wpkh({First})", BitcoinNetwork.Mainnet).Value;
        var psbt = Spend(descriptor.Derive(0).Value[0]);
        var input = psbt.Inputs[0];
        var lie = psbt.WithInput(0, input with { WitnessUtxo = input.WitnessUtxo!.Value with { Value = new Satoshis(1) } });
        Assert.Equal("inputs[0].witness_utxo: says another amount or script than the previous transaction", PsbtSigner.Sign(lie, descriptor, s_entropy).Error.ToString());

        var trusting = psbt.WithInput(0, input with { NonWitnessUtxo = null });
        Assert.True(PsbtSigner.Sign(trusting, descriptor, s_entropy).IsOk);
        Assert.Equal("inputs[0].non_witness_utxo", PsbtSigner.Sign(trusting, descriptor, s_entropy, new PsbtSigningOptions { RequirePreviousTransactions = true }).Error.Field);
    }

    [Fact]
    public void A_legacy_input_takes_its_previous_transaction()
    {
        using var descriptor = Descriptor.Parse($"pkh({First})", BitcoinNetwork.Mainnet).Value;
        var psbt = Spend(descriptor.Derive(0).Value[0]);
        var without = psbt.WithInput(0, psbt.Inputs[0] with { NonWitnessUtxo = null, WitnessUtxo = psbt.SpentOutput(0) });
        Assert.Equal("inputs[0].non_witness_utxo: is missing: without segwit a signature does not cover the amount", PsbtSigner.Sign(without, descriptor, s_entropy).Error.ToString());
    }

    [Theory]
    [InlineData("wsh", "witness_script")]
    [InlineData("sh", "redeem_script")]
    public void A_script_of_another_hash_is_refused(string function, string field)
    {
        using var descriptor = Descriptor.Parse($"{function}(multi(1,{First},{Second}))", BitcoinNetwork.Mainnet).Value;
        var psbt = Spend(descriptor.Derive(0).Value[0]);
        var other = descriptor.Derive(1).Value[0];
        var wrong = psbt.WithInput(0, psbt.Inputs[0] with { RedeemScript = other.RedeemScript, WitnessScript = other.WitnessScript });
        Assert.Equal($"inputs[0].{field}", PsbtSigner.Sign(wrong, descriptor, s_entropy).Error.Field);
        Assert.NotEmpty(PsbtFinalizer.Complete(wrong).Problems);
    }

    [Fact]
    public void Only_accepted_hash_types_are_signed()
    {
        using var descriptor = Descriptor.Parse($"wpkh({First})", BitcoinNetwork.Mainnet).Value;
        var psbt = Spend(descriptor.Derive(0).Value[0]);
        var asksNone = psbt.WithInput(0, psbt.Inputs[0] with { SighashType = SighashType.None });
        Assert.Equal("inputs[0].sighash_type: is 2, which this signer does not accept", PsbtSigner.Sign(asksNone, descriptor, s_entropy).Error.ToString());

        var signed = PsbtSigner.Sign(asksNone, descriptor, s_entropy, new PsbtSigningOptions { SighashTypes = [SighashType.None] }).Value.Psbt;
        Assert.True(PsbtFinalizer.Complete(signed).IsComplete);
        var changed = signed.WithInput(0, signed.Inputs[0] with { SighashType = SighashType.All });
        Assert.Equal("inputs[0].sighash_type: is 1, and a signature has 2", Assert.Single(PsbtFinalizer.Complete(changed).Problems).ToString());
    }

    [Fact]
    public void A_signature_that_does_not_spend_is_not_made_final()
    {
        using var descriptor = Descriptor.Parse($"wpkh({First})", BitcoinNetwork.Mainnet).Value;
        var signed = PsbtSigner.Sign(Spend(descriptor.Derive(0).Value[0]), descriptor, s_entropy).Value.Psbt;
        var (key, signature) = Assert.Single(signed.Inputs[0].PartialSignatures);
        var other = PsbtSigner.Sign(Spend(descriptor.Derive(0).Value[0], amount: 77_000), descriptor, s_entropy).Value.Psbt.Inputs[0].PartialSignatures[key];
        Assert.False(signature.Span.SequenceEqual(other.Span));
        var forged = signed.WithInput(0, signed.Inputs[0] with { PartialSignatures = signed.Inputs[0].PartialSignatures.SetItem(key, other) });
        Assert.Contains("do not spend", Assert.Single(PsbtFinalizer.Complete(forged).Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fee_is_known_when_all_inputs_are()
    {
        using var descriptor = Descriptor.Parse($"wpkh({First})", BitcoinNetwork.Mainnet).Value;
        var psbt = Spend(descriptor.Derive(0).Value[0]);
        Assert.Equal(new Satoshis(1000), psbt.Fee);
        Assert.Null(psbt.WithInput(0, PsbtInput.Empty).Fee);
    }

    /// <summary>A PSBT that spends an output of this script: created and updated.</summary>
    private static PartiallySignedTransaction Spend(DerivedScript script, long amount = 100_000)
    {
        var funding = Transaction.Create(2, [new TxIn(new OutPoint(default, 3))], [new TxOut(new Satoshis(5000), StandardScripts.P2a), new TxOut(new Satoshis(amount), script.ScriptPubKey)]);
        var recipient = Address.Parse("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", BitcoinNetwork.Mainnet).Value;
        var spending = Transaction.Create(2, [new TxIn(funding.OutPointOf(1))], [new TxOut(new Satoshis(amount - 1000), recipient.ScriptPubKey)]);
        var psbt = PartiallySignedTransaction.Create(spending).Value;
        psbt = psbt.WithInput(0, script.Update(psbt.Inputs[0]));
        return PsbtUpdater.AddPreviousTransactions(psbt, id => id == funding.TxId ? funding : null);
    }
}
