using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>
/// An input resolved: the output it spends and the script that its signatures answer to, after the checks that BIP 174 asks of a signer:
/// each script has the hash that the one before it names, and the amount is what the previous transaction says.
/// </summary>
/// <param name="Output">The spent output.</param>
/// <param name="Version">Which rules the signatures follow.</param>
/// <param name="Script">The script that is satisfied: output script, redeem script or witness script.</param>
/// <param name="Solution">What kind it is.</param>
internal sealed record PsbtSpend(TxOut Output, PsbtSpendVersion Version, Script Script, ScriptSolution Solution)
{
    /// <summary>Null, with a refusal, for a contradiction; null without one where the PSBT does not hold enough yet.</summary>
    internal static PsbtSpend? Resolve(PartiallySignedTransaction psbt, int index, out Refusal? refusal)
    {
        refusal = null;
        var input = psbt.Inputs[index];
        if (psbt.SpentOutput(index) is not { } output)
            return null;

        if (input is { NonWitnessUtxo: not null, WitnessUtxo: { } claimed } && claimed != output)
            return Refuse(index, "witness_utxo", "says another amount or script than the previous transaction", out refusal);
        if (!output.Value.IsInMoneyRange)
            return Refuse(index, "witness_utxo", "has an amount that cannot be", out refusal);

        var script = output.ScriptPubKey;
        var solution = StandardScripts.Classify(script);
        if (solution.Type == ScriptType.ScriptHash)
        {
            if (input.RedeemScript is not { } redeemScript)
                return null;
            if (StandardScripts.P2shOf(redeemScript) != script)
                return Refuse(index, "redeem_script", "has another hash than the output", out refusal);
            (script, solution) = (redeemScript, StandardScripts.Classify(redeemScript));

            // A witness program other than version 0 has no meaning inside P2SH.
            if (solution.Type is ScriptType.WitnessV1Taproot or ScriptType.ScriptHash or ScriptType.WitnessUnknown or ScriptType.Anchor)
                return null;
        }

        return solution.Type switch
        {
            ScriptType.WitnessV0KeyHash => new PsbtSpend(output, PsbtSpendVersion.SegwitV0, StandardScripts.P2pkh(solution.First.Span), solution),
            ScriptType.WitnessV0ScriptHash => ResolveWitnessScript(input, index, output, script, out refusal),
            ScriptType.WitnessV1Taproot => new PsbtSpend(output, PsbtSpendVersion.Taproot, script, solution),
            _ => new PsbtSpend(output, PsbtSpendVersion.Legacy, script, solution),
        };
    }

    private static PsbtSpend? ResolveWitnessScript(PsbtInput input, int index, TxOut output, Script program, out Refusal? refusal)
    {
        refusal = null;
        if (input.WitnessScript is not { } witnessScript)
            return null;
        return StandardScripts.P2wshOf(witnessScript) == program
            ? new PsbtSpend(output, PsbtSpendVersion.SegwitV0, witnessScript, StandardScripts.Classify(witnessScript))
            : Refuse(index, "witness_script", "has another hash than the output or redeem script", out refusal);
    }

    private static PsbtSpend? Refuse(int index, string field, string reason, [NotNull] out Refusal? refusal)
    {
        refusal = new Refusal($"inputs[{index}].{field}", reason);
        return null;
    }
}
