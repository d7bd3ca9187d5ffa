using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Scripts.Execution;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Policy;

/// <summary>What relay asks of inputs before their scripts run: outputs of known forms, and witnesses without bulk.</summary>
internal static class SpendPolicy
{
    private const int RedeemScriptSigOpsMax = 15;
    private const int WitnessScriptLengthMax = 3600;
    private const int WitnessItemsMax = 100;
    private const int WitnessItemLengthMax = 80;

    internal static string? Check(Transaction transaction, ReadOnlySpan<SpentOutput> spent, PolicyLimits limits)
    {
        if (CountLegacySigOps(transaction, spent) > limits.LegacySigOpsMax)
            return "bad-txns-nonstandard-inputs";
        for (var i = 0; i < spent.Length; i++)
        {
            if (!IsStandardInput(transaction, i, spent[i].Output.ScriptPubKey))
                return "bad-txns-nonstandard-inputs";
        }

        for (var i = 0; i < spent.Length; i++)
        {
            if (!IsStandardWitness(transaction, i, spent[i].Output.ScriptPubKey))
                return "bad-witness-nonstandard";
        }

        return null;
    }

    // BIP 54: what hashing the whole transaction again and again costs, accurately counted over scriptSigs, outputs spent and redeem scripts.
    private static int CountLegacySigOps(Transaction transaction, ReadOnlySpan<SpentOutput> spent)
    {
        var count = 0;
        for (var i = 0; i < spent.Length; i++)
        {
            var scriptSig = transaction.ScriptSig(i);
            var script = spent[i].Output.ScriptPubKey;
            count += scriptSig.CountSigOps(accurate: true);
            count += script.IsPayToScriptHash ? SigOps.CountRedeemScript(scriptSig.Memory) : script.CountSigOps(accurate: true);
        }

        return count;
    }

    private static bool IsStandardInput(Transaction transaction, int input, Script script) => StandardScripts.Classify(script).Type switch
    {
        ScriptType.NonStandard or ScriptType.WitnessUnknown => false,
        ScriptType.ScriptHash => TryGetRedeemScript(transaction, input, out var redeemScript)
            && redeemScript.CountSigOps(accurate: true) <= RedeemScriptSigOpsMax,
        _ => true,
    };

    private static bool IsStandardWitness(Transaction transaction, int input, Script script)
    {
        var witness = transaction.Witness(input);
        if (witness.IsEmpty)
            return true;

        // Anyone may spend an anchor, so anyone could stuff its witness.
        if (ScriptPatterns.IsPayToAnchor(script.Span))
            return false;

        var isNested = script.IsPayToScriptHash;
        if (isNested && !TryGetRedeemScript(transaction, input, out script))
            return false;
        if (!script.IsWitnessProgram(out var version, out var program))
            return false;

        return (version, program.Length) switch
        {
            (0, 32) => IsStandardWitnessScript(witness),
            (1, 32) when !isNested => IsStandardTaproot(witness),
            _ => true,
        };
    }

    private static bool IsStandardWitnessScript(Witness witness)
    {
        var arguments = witness.Count - 1;
        if (arguments > WitnessItemsMax)
            return false;

        var i = 0;
        foreach (var item in witness)
        {
            if (item.Length > (i++ < arguments ? WitnessItemLengthMax : WitnessScriptLengthMax))
                return false;
        }

        return true;
    }

    // No annex; in a tapscript spend no large arguments.
    private static bool IsStandardTaproot(Witness witness)
    {
        var count = witness.Count;
        if (count < 2)
            return true;

        var last = witness[count - 1].Span;
        if (last is [TaprootCommitment.AnnexTag, ..] || last.IsEmpty)
            return false;
        if ((last[0] & TaprootCommitment.LeafVersionMask) != TaprootCommitment.TapscriptLeafVersion)
            return true;

        var i = 0;
        foreach (var item in witness)
        {
            if (i++ < count - 2 && item.Length > WitnessItemLengthMax)
                return false;
        }

        return true;
    }

    // What is on top of the stack after the scriptSig, numbers included; false when it can't run.
    private static bool TryGetRedeemScript(Transaction transaction, int input, out Script redeemScript)
    {
        redeemScript = default;
        var machine = new ScriptMachine(new SpendContext(transaction, input, default, default, null), ScriptFlags.None);
        try
        {
            if (machine.Run(transaction.ScriptSig(input).Memory, SignatureVersion.Legacy) != ScriptError.Ok || machine.Stack.Count == 0)
                return false;
            redeemScript = new Script(machine.Stack.Top().ToArray());
            return true;
        }
        finally
        {
            machine.Dispose();
        }
    }
}
