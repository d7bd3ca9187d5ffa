using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Scripts;

public sealed class TransactionVerifierTests
{
    [Fact]
    public void Signed_spends_pass_and_changed_ones_do_not()
    {
        foreach (var (transaction, spent) in new[] { Samples.P2wpkhSpend(), Samples.P2trSpend() })
        {
            Assert.Equal(ScriptError.Ok, TransactionVerifier.VerifyInput(transaction, 0, [spent], ScriptFlags.Standard));

            var later = Transaction.Create(transaction.Version, transaction.Inputs.ToArray(), transaction.Outputs.ToArray(), lockTime: 1);
            Assert.NotEqual(ScriptError.Ok, TransactionVerifier.VerifyInput(later, 0, [spent], ScriptFlags.Standard));
            var dearer = spent with { Value = spent.Value + new Satoshis(1) };
            Assert.NotEqual(ScriptError.Ok, TransactionVerifier.VerifyInput(transaction, 0, [dearer], ScriptFlags.Standard));
        }
    }

    [Fact]
    public void Common_spends_allocate_nothing()
    {
        foreach (var (transaction, spent) in new[] { Samples.P2wpkhSpend(), Samples.P2trSpend() })
        {
            TxOut[] outputs = [spent];
            var cache = new PrecomputedTransactionData(transaction, outputs);
            long allocated = 0;
            for (var i = 0; i < 100; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                Assert.True(TransactionVerifier.VerifyInput(transaction, 0, outputs, ScriptFlags.Standard, cache) == ScriptError.Ok);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            // The last of many: what is made once does not count.
            Assert.Equal(0, allocated);
        }
    }

    [Fact]
    public void All_inputs_are_verified_and_the_one_that_fails_is_named()
    {
        var (transaction, spent) = Samples.P2wpkhSpend();
        var two = Transaction.Create(2, [new TxIn(OutPoint.Null), .. transaction.Inputs], [new TxOut(new Satoshis(1), Script.Empty)]);
        var anyone = new TxOut(default, new Script(new byte[] { 0x51 }));

        Assert.Equal(ScriptError.NullFail, TransactionVerifier.VerifyAll(two, [anyone, spent], ScriptFlags.Standard, out var failed));
        Assert.Equal(1, failed);
    }

    [Fact]
    public void A_caller_that_mixes_things_up_is_told()
    {
        var (transaction, spent) = Samples.P2wpkhSpend();

        Assert.Throws<ArgumentException>(() => TransactionVerifier.VerifyInput(transaction, 0, [spent], ScriptFlags.Witness));
        Assert.Throws<ArgumentException>(() => TransactionVerifier.VerifyInput(transaction, 0, [spent], ScriptFlags.CleanStack | ScriptFlags.P2sh));
        Assert.Throws<ArgumentOutOfRangeException>(() => TransactionVerifier.VerifyInput(transaction, 0, [spent, spent], ScriptFlags.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => TransactionVerifier.VerifyInput(transaction, 1, [spent], ScriptFlags.None));
        Assert.Throws<ArgumentException>(() => TransactionVerifier.VerifyInput(transaction, 0, [spent], ScriptFlags.None, new PrecomputedTransactionData(Samples.Segwit)));
    }

    [Fact]
    public void No_script_breaks_the_interpreter() =>
        Fuzz.Run(
            [
                StandardScripts.P2pkh(new byte[20]).ToArray(),
                [0x51, 0x63, 0x52, 0x67, 0x53, 0x68, 0x76, 0x93, 0xa9, 0x7c, 0x6b, 0x6c, 0x82, 0x9f],
                [0x00, 0x51, 0x21, .. Samples.Key(1).PublicKey.ToBytes(), 0x51, 0xae, 0xab, 0xad, 0xb1, 0xb2, 0xba],
                [.. Enumerable.Repeat((byte)0x6f, 400)],
            ],
            static bytes =>
            {
                // The same bytes as scriptSig, output script, redeem script, witness script and tapscript.
                var script = new Script(bytes.ToArray());
                Run(script, script, Witness.Empty);
                Run(new Script(new byte[] { 0x51, 0x52, 0x53 }), script, Witness.Empty);
                Run(new ScriptBuilder().Push(bytes).Build(), StandardScripts.P2shOf(script), Witness.Empty);
                Run(Script.Empty, StandardScripts.P2wshOf(script), Witness.Of([1], [2], script.ToArray()));
                Run(Script.Empty, StandardScripts.P2tr(new byte[32]), Witness.Of([1], script.ToArray(), new byte[33]));
            },
            limits: new FuzzLimits(BytesPerInputByte: 2048, Bytes: 1 << 20, InputBytesMax: 2048));

    [Fact]
    public void A_rule_more_never_makes_a_spend_valid() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] script, uint more, uint fewer) =>
        {
            var flags = ((ScriptFlags)(more | fewer) & ScriptFlags.All).WithPrerequisites();
            var weaker = ((ScriptFlags)fewer & ScriptFlags.All & flags).WithoutOrphans();
            var transaction = Spend(new Script(new byte[] { 0x51, 0x51 }), Witness.Empty);
            TxOut[] spent = [new(default, new Script(script))];
            return TransactionVerifier.VerifyInput(transaction, 0, spent, flags) != ScriptError.Ok
                || TransactionVerifier.VerifyInput(transaction, 0, spent, weaker) == ScriptError.Ok;
        }));

    private static void Run(Script scriptSig, Script output, Witness witness)
    {
        var transaction = Spend(scriptSig, witness);
        TxOut[] spent = [new(new Satoshis(1), output)];
        _ = TransactionVerifier.VerifyInput(transaction, 0, spent, ScriptFlags.Standard);
        _ = TransactionVerifier.VerifyInput(transaction, 0, spent, ScriptFlags.Consensus);
        _ = TransactionVerifier.VerifyInput(transaction, 0, spent, ScriptFlags.None);
    }

    private static Transaction Spend(Script scriptSig, Witness witness) =>
        Transaction.Create(2, [new TxIn(new OutPoint(Samples.Segwit.TxId, 0), scriptSig, 1, witness)], [new TxOut(new Satoshis(1), Script.Empty)], lockTime: 10);
}
