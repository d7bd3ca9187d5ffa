using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Benchmarks;

/// <summary>The serialization of a block as full as today's blocks are, with the common kinds of transactions.</summary>
internal static class BlockBytes
{
    /// <summary>Transactions of one kind, so that the worst common case can be measured by itself.</summary>
    /// <param name="kind">The kind of input.</param>
    /// <param name="inputs">Inputs of each.</param>
    /// <param name="bytes">About how large.</param>
    public static byte[] Create(SpendKind kind, int inputs, int bytes)
    {
        // Signatures are all alike to a parser, so a few transactions are signed and repeated with other lock times.
        var signed = Enumerable.Range(0, 8).Select(seed => SignedSpend.Create(kind, inputs, seed).Transaction).ToArray();
        var coinbase = Transaction.Create(
            2,
            [new TxIn(OutPoint.Null, new ScriptBuilder().PushNumber(800_000).Build(), TxIn.Final, Witness.Of(new byte[32]))],
            [new TxOut(new Satoshis(312_500_000), StandardScripts.P2wpkh(new byte[20])), new TxOut(default, WitnessCommitment.BuildScript(default))]);
        var transactions = new List<Transaction> { coinbase };
        for (var size = coinbase.TotalSize; size < bytes; size += transactions[^1].TotalSize)
        {
            var model = signed[transactions.Count % signed.Length];
            transactions.Add(Transaction.Create(model.Version, model.Inputs.ToArray(), model.Outputs.ToArray(), (uint)transactions.Count));
        }

        return Block.Create(new BlockHeader(0x2000_0000, default, default, 0, 0x207f_ffff, 0), transactions).Memory.ToArray();
    }
}
