using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Policy;

public sealed class StandardPolicyTests
{
    private static readonly TxOut s_output = new(new Satoshis(50_000), StandardScripts.P2wpkh(new byte[20]));

    [Theory]
    [InlineData("0014", 20, 294)]
    [InlineData("0020", 32, 330)]
    [InlineData("5120", 32, 330)]
    [InlineData("51024e73", 0, 240)]
    [InlineData("6a", 0, 0)]
    public void Dust_is_what_costs_more_to_spend_than_it_is_worth(string script, int zeros, long threshold)
    {
        var output = new TxOut(default, new Script(Convert.FromHexString(script + new string('0', zeros * 2))));

        Assert.Equal(threshold, Dust.Threshold(output, PolicyLimits.Default.DustFeerate).Value);
        Assert.Equal(threshold > 0, Dust.IsDust(output, PolicyLimits.Default.DustFeerate));
    }

    [Fact]
    public void Dust_of_older_outputs_is_larger()
    {
        Assert.Equal(546, Dust.Threshold(new TxOut(default, StandardScripts.P2pkh(new byte[20])), new FeeratePerKvB(3000)).Value);
        Assert.Equal(540, Dust.Threshold(new TxOut(default, StandardScripts.P2sh(new byte[20])), new FeeratePerKvB(3000)).Value);
    }

    [Fact]
    public void A_payment_is_relayed()
    {
        var (transaction, spent) = Samples.P2wpkhSpend();

        Assert.Null(Check(transaction, spent));
        Assert.Equal("mandatory-script-verify-flag-failed (Signature must be zero for failed CHECK(MULTI)SIG operation)", Check(transaction, spent with { Value = spent.Value + new Satoshis(1) }));
    }

    [Theory]
    [InlineData(0u, "version")]
    [InlineData(4u, "version")]
    [InlineData(0xffff_ffffu, "version")]
    [InlineData(3u, "")]
    public void Versions_without_meaning_are_not_relayed(uint version, string reason) =>
        Assert.Equal(reason, CheckAlone(Transaction.Create(version, [Input()], [s_output])));

    [Fact]
    public void Forms_that_are_not_standard_are_named()
    {
        Assert.Equal("coinbase", CheckAlone(Samples.Coinbase(1, s_output)));
        Assert.Equal("scriptsig-size", CheckAlone(With(new Script(new byte[1651]))));
        Assert.Equal("scriptsig-not-pushonly", CheckAlone(With(new Script(new byte[] { 0x61 }))));
        Assert.Equal("scriptpubkey", CheckAlone(Pay(new Script(new byte[] { 0x51 }))));
        Assert.Equal("scriptpubkey", CheckAlone(Pay(StandardScripts.OpReturn(new byte[81]))));
        Assert.Equal("", CheckAlone(Pay(StandardScripts.OpReturn(new byte[80]))));
        Assert.Equal("multi-op-return", CheckAlone(Transaction.Create(2, [Input()], [s_output, Zero(StandardScripts.OpReturn([1])), Zero(StandardScripts.OpReturn([2]))])));
        Assert.Equal("dust", CheckAlone(Transaction.Create(2, [Input()], [s_output, Zero(StandardScripts.P2a), Zero(StandardScripts.P2a)])));
        Assert.Equal("tx-size-small", CheckAlone(Transaction.Create(2, [Input()], [Zero(StandardScripts.OpReturn([]))])));
        Assert.Equal("tx-size", CheckAlone(Transaction.Create(2, [Input() with { Witness = Witness.Of(new byte[400_000]) }], [s_output])));
        Assert.Equal("non-final", CheckAlone(Transaction.Create(2, [Input()], [s_output], lockTime: 101)));
        Assert.Equal("bad-txns-vout-empty", CheckAlone(Transaction.Create(2, [Input()], [])));
    }

    [Fact]
    public void Bare_multisig_has_three_keys_at_most_and_can_be_switched_off()
    {
        var keys = Enumerable.Range(1, 4).Select(static i => Samples.Key((byte)i).PublicKey.ToBytes()).ToArray();

        Assert.Equal("", CheckAlone(Pay(StandardScripts.Multisig(1, keys[..3]))));
        Assert.Equal("scriptpubkey", CheckAlone(Pay(StandardScripts.Multisig(1, keys))));
        Assert.Equal("bare-multisig", CheckAlone(Pay(StandardScripts.Multisig(1, keys[..3])), new PolicyLimits { AllowsBareMultisig = false }));
    }

    [Fact]
    public void Bitcoin_Core_30_counts_data_carriers_together()
    {
        TxOut[] outputs = [s_output, Zero(StandardScripts.OpReturn(new byte[400])), Zero(StandardScripts.OpReturn(new byte[400]))];

        Assert.Equal("", CheckAlone(Transaction.Create(2, [Input()], outputs), PolicyLimits.BitcoinCore30));
        Assert.Equal("datacarrier", CheckAlone(Transaction.Create(2, [Input()], outputs), PolicyLimits.BitcoinCore30 with { DataCarrierBytesMax = 700 }));
    }

    [Fact]
    public void Fees_and_dust_are_looked_at_together()
    {
        var spent = new TxOut(new Satoshis(50_000), StandardScripts.P2wpkh(Samples.Hash160(Samples.Key(7).PublicKey.ToBytes())));
        Assert.Equal("min relay fee not met", Check(Transaction.Create(2, [Input()], [s_output]), spent));
        Assert.Equal("dust", Check(Transaction.Create(2, [Input()], [s_output with { Value = new Satoshis(40_000) }, Zero(StandardScripts.P2a)]), spent));
        Assert.Equal("min relay fee not met", Check(Transaction.Create(3, [Input()], [s_output, Zero(StandardScripts.P2a)]), spent));
        Assert.Equal("bad-txns-in-belowout", Check(Transaction.Create(2, [Input()], [s_output with { Value = new Satoshis(50_001) }]), spent));
        Assert.Equal("non-BIP68-final", Check(Transaction.Create(2, [new TxIn(new OutPoint(Samples.Segwit.TxId, 0), 60)], [s_output]), spent));
    }

    [Fact]
    public void Inputs_of_unknown_form_and_bulky_witnesses_are_named()
    {
        Assert.Equal("bad-txns-nonstandard-inputs", Check(Cheap(Script.Empty), Coin(new Script(new byte[] { 0x51 }))));
        Assert.Equal("bad-txns-nonstandard-inputs", Check(Cheap(Script.Empty), Coin(StandardScripts.WitnessProgram(2, new byte[32]))));
        Assert.Equal("bad-witness-nonstandard", Check(Cheap(Script.Empty, [1]), Coin(StandardScripts.P2a)));
        Assert.Equal("bad-witness-nonstandard", Check(Cheap(Script.Empty, [1]), Coin(StandardScripts.P2pkh(new byte[20]))));
        Assert.Equal("bad-witness-nonstandard", Check(Cheap(Script.Empty, new byte[81], [0x51]), Coin(StandardScripts.P2wshOf(new Script(new byte[] { 0x51 })))));
        Assert.Equal("bad-witness-nonstandard", Check(Cheap(Script.Empty, new byte[64], [0x50]), Coin(StandardScripts.P2tr(new byte[32]))));

        // 16 signature checks in a redeem script; 2,501 in the whole transaction.
        var busy = new Script(Enumerable.Repeat((byte)Opcode.CheckSig, 16).ToArray());
        Assert.Equal("bad-txns-nonstandard-inputs", Check(Cheap(new ScriptBuilder().Push(busy.Span).Build()), Coin(StandardScripts.P2shOf(busy))));
        var spent = new SpentOutput(Coin(new Script((byte[])[0x51, .. Enumerable.Repeat((byte)Opcode.CheckSig, 2501)])), 50, IsCoinbase: false);
        Assert.Equal("bad-txns-nonstandard-inputs", StandardPolicy.Check(Cheap(Script.Empty), [spent], 100, 1_600_000_000));
    }

    private static TxIn Input() => new(new OutPoint(Samples.Segwit.TxId, 0));

    private static TxOut Zero(Script script) => new(default, script);

    private static TxOut Coin(Script script) => new(new Satoshis(50_000), script);

    private static Transaction With(Script scriptSig) => Transaction.Create(2, [Input() with { ScriptSig = scriptSig }], [s_output]);

    private static Transaction Pay(Script script) => Transaction.Create(2, [Input()], [s_output, new TxOut(new Satoshis(1000), script)]);

    private static Transaction Cheap(Script scriptSig, params byte[][] witness) => Transaction.Create(
        2, [Input() with { ScriptSig = scriptSig, Witness = Witness.Of(witness) }], [s_output with { Value = new Satoshis(40_000) }]);

    private static string CheckAlone(Transaction transaction, PolicyLimits? limits = null) => StandardPolicy.CheckAlone(transaction, 100, 1_600_000_000, limits) ?? "";

    private static string? Check(Transaction transaction, TxOut spent) =>
        StandardPolicy.Check(transaction, [new SpentOutput(spent, 50, IsCoinbase: false)], 100, 1_600_000_000);
}
