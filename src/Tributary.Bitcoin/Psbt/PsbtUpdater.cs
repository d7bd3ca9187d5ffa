using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Psbt;

/// <summary>The updater's role for what the chain knows: the outputs that inputs spend.</summary>
public static class PsbtUpdater
{
    /// <summary>
    /// Adds previous transactions. Inputs that are certainly segwit get the spent output too; taproot inputs get the output alone, since
    /// their signatures cover all amounts (BIP 371).
    /// </summary>
    /// <param name="psbt">What to add to.</param>
    /// <param name="find">A transaction by id, or null where it is not known.</param>
    public static PartiallySignedTransaction AddPreviousTransactions(PartiallySignedTransaction psbt, Func<TxId, Transaction?> find)
    {
        var inputs = psbt.Inputs.ToBuilder();
        for (var i = 0; i < inputs.Count; i++)
        {
            var outPoint = psbt.UnsignedTransaction.PreviousOutput(i);
            if (inputs[i].IsFinal || find(outPoint.TxId) is not { } previous || previous.TxId != outPoint.TxId || outPoint.Index >= (uint)previous.OutputCount)
                continue;

            var output = previous.Output((int)outPoint.Index);
            var type = StandardScripts.Classify(output.ScriptPubKey).Type;
            if (type == ScriptType.ScriptHash && inputs[i].RedeemScript is { } redeemScript)
                type = StandardScripts.Classify(redeemScript).Type;
            inputs[i] = type switch
            {
                ScriptType.WitnessV1Taproot => inputs[i] with { WitnessUtxo = output },
                ScriptType.WitnessV0KeyHash or ScriptType.WitnessV0ScriptHash => inputs[i] with { NonWitnessUtxo = previous, WitnessUtxo = output },
                _ => inputs[i] with { NonWitnessUtxo = previous },
            };
        }

        return psbt.WithInputs(inputs.MoveToImmutable());
    }
}
