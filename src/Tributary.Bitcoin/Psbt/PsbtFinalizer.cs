using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>
/// The finaliser's and extractor's roles: turns signatures into scriptSigs and witnesses, each of which is run through the interpreter
/// before it is called final, and takes the finished transaction out.
/// </summary>
public static class PsbtFinalizer
{
    /// <summary>Finalises every input that has what it takes; the others stay as they are.</summary>
    public static PsbtFinalization Complete(PartiallySignedTransaction psbt)
    {
        var inputs = psbt.Inputs.ToBuilder();
        var problems = new List<Refusal>();
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].IsFinal)
                continue;
            if (Finalize(psbt, i).TryGet(out var final, out var problem))
                inputs[i] = final;
            else
                problems.Add(problem);
        }

        return new PsbtFinalization(psbt.WithInputs(inputs.MoveToImmutable()), problems);
    }

    /// <summary>
    /// The transaction with its scripts and witnesses, ready to broadcast. Refused while an input is not final, and where an input whose
    /// spent output is known does not pass the interpreter.
    /// </summary>
    public static Result<Transaction, Refusal> Extract(PartiallySignedTransaction psbt)
    {
        var inputs = new TxIn[psbt.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var (unsigned, input) = (psbt.UnsignedTransaction.Input(i), psbt.Inputs[i]);
            if (!input.IsFinal)
                return new Refusal($"inputs[{i}]", "is not final: signatures are missing, or it was not finalised");
            inputs[i] = new TxIn(unsigned.PreviousOutput, input.FinalScriptSig ?? Script.Empty, unsigned.Sequence, input.FinalScriptWitness ?? Witness.Empty);
        }

        var transaction = psbt.UnsignedTransaction.WithInputs(inputs);
        var spent = SpentOutputs(psbt, out var isWhole);
        for (var i = 0; i < inputs.Length; i++)
        {
            // Without every spent output a taproot signature can't be checked; the network will.
            var isTaproot = spent[i].ScriptPubKey is { IsEmpty: false } script && StandardScripts.Classify(script).Type == ScriptType.WitnessV1Taproot;
            if (psbt.SpentOutput(i) is null || (isTaproot && !isWhole))
                continue;
            if (TransactionVerifier.VerifyInput(transaction, i, spent, ScriptFlags.Consensus) is var error and not ScriptError.Ok)
                return new Refusal($"inputs[{i}]", $"has a final script that does not spend its output: {error.GetMessage()}");
        }

        return transaction;
    }

    private static Result<PsbtInput, Refusal> Finalize(PartiallySignedTransaction psbt, int index)
    {
        var input = psbt.Inputs[index];
        if (PsbtSpend.Resolve(psbt, index, out var refusal) is not { } spend)
            return refusal ?? new Refusal($"inputs[{index}]", "lacks the output that it spends, or the script behind its hash");
        if (MismatchedSighash(input, spend) is { } sighash)
            return new Refusal($"inputs[{index}].sighash_type", $"is {input.SighashType}, and a signature has {sighash}");
        if (!PsbtSatisfier.TrySatisfy(input, spend, out var scriptSig, out var witness))
            return new Refusal($"inputs[{index}]", "lacks signatures, or has a script of a form that is not known");

        var stack = witness.Length == 0 ? Witness.Empty : Witness.Of(witness);
        var inputs = psbt.UnsignedTransaction.Inputs.ToArray();
        inputs[index] = inputs[index] with { ScriptSig = scriptSig ?? Script.Empty, Witness = stack };
        var spent = SpentOutputs(psbt, out var isWhole);
        if (spend.Version == PsbtSpendVersion.Taproot && !isWhole)
            return new Refusal($"inputs[{index}]", "is taproot and cannot be checked while an output that another input spends is not in the PSBT");
        if (TransactionVerifier.VerifyInput(psbt.UnsignedTransaction.WithInputs(inputs), index, spent, ScriptFlags.Standard) is var error and not ScriptError.Ok)
            return new Refusal($"inputs[{index}]", $"has signatures that do not spend its output: {error.GetMessage()}");

        // BIP 174: everything is cleared but the spent output and what is not known.
        return new PsbtInput
        {
            NonWitnessUtxo = input.NonWitnessUtxo,
            WitnessUtxo = input.WitnessUtxo,
            FinalScriptSig = scriptSig,
            FinalScriptWitness = stack.IsEmpty ? null : stack,
            Unknown = input.Unknown,
        };
    }

    private static int? MismatchedSighash(PsbtInput input, PsbtSpend spend)
    {
        if (input.SighashType is not { } expected)
            return null;

        IEnumerable<int> found = spend.Version == PsbtSpendVersion.Taproot
            ? new[] { input.TaprootKeySignature }.Where(static signature => signature is not null).Select(static signature => signature!.Value)
                .Concat(input.TaprootScriptSignatures.Values)
                .Select(static signature => signature.Length == 64 ? SighashType.Default : (int)signature.Span[^1])
            : input.PartialSignatures.Values.Select(static signature => (int)signature.Span[^1]);
        foreach (var type in found)
        {
            if ((uint)type != expected)
                return type;
        }

        return null;
    }

    private static TxOut[] SpentOutputs(PartiallySignedTransaction psbt, out bool isWhole)
    {
        var known = Enumerable.Range(0, psbt.Inputs.Length).Select(psbt.SpentOutput).ToArray();
        isWhole = known.All(static output => output is not null);
        return [.. known.Select(static output => output ?? default)];
    }
}
