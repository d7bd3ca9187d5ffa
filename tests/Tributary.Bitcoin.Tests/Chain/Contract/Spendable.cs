using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

/// <summary>An output that anyone can spend by showing its witness script: what chain tests move around, without keys.</summary>
public sealed record Spendable(OutPoint OutPoint, Satoshis Value)
{
    /// <summary>OP_1, the witness script.</summary>
    public static byte[] WitnessScript { get; } = [(byte)Opcode.Op1];

    /// <summary>P2WSH of <see cref="WitnessScript"/>: standard to make and to spend.</summary>
    public static Script Script { get; } = StandardScripts.P2wshOf(new Script(WitnessScript));

    /// <summary>The witness that spends it.</summary>
    public static Witness Witness { get; } = Witness.Of(WitnessScript);

    /// <summary>The input that spends it.</summary>
    public TxIn Input(uint sequence = TxIn.Replaceable) => new(OutPoint, Script.Empty, sequence, Witness);

    /// <summary>A transaction with one input and one output, which pays a fee.</summary>
    public Transaction Pay(long fee, uint version = 2, uint sequence = TxIn.Replaceable, uint lockTime = 0) =>
        Transaction.Create(version, [Input(sequence)], [new TxOut(Value - new Satoshis(fee), Script)], lockTime);

    /// <summary>A transaction that splits it evenly, which pays a fee.</summary>
    public Transaction Split(int outputs, long fee, uint version = 2) =>
        Transaction.Create(version, [Input()], [.. Enumerable.Repeat(new TxOut(new Satoshis((Value.Value - fee) / outputs), Script), outputs)]);

    /// <summary>An output of a transaction of ours.</summary>
    public static Spendable Of(Transaction transaction, int output = 0) => new(transaction.OutPointOf(output), transaction.Output(output).Value);
}
