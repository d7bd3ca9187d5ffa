using Tributary.Bitcoin.Scripts.Execution;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Scripts;

/// <summary>
/// Runs the scripts of a spend: legacy, P2SH, segwit v0 and taproot, with Bitcoin Core's verdict to the error code. Holds no state; many
/// threads may verify inputs of one transaction with one cache. Allocates nothing for common spends.
/// </summary>
public static class TransactionVerifier
{
    /// <summary>Does the input have what the output that it spends asks for?</summary>
    /// <param name="transaction">The spending transaction.</param>
    /// <param name="inputIndex">Which of its inputs.</param>
    /// <param name="spentOutputs">What all its inputs spend, in their order.</param>
    /// <param name="flags">The rules. Flags that need others (see <see cref="ScriptFlags"/>) come with them.</param>
    /// <param name="cache">Hashes shared by the inputs, of this transaction and these outputs; null computes them.</param>
    /// <returns><see cref="ScriptError.Ok"/>, or the first rule that is broken.</returns>
    public static ScriptError VerifyInput(
        Transaction transaction, int inputIndex, ReadOnlySpan<TxOut> spentOutputs, ScriptFlags flags, PrecomputedTransactionData? cache = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)inputIndex, (uint)transaction.InputCount, nameof(inputIndex));
        ArgumentOutOfRangeException.ThrowIfNotEqual(spentOutputs.Length, transaction.InputCount, nameof(spentOutputs));
        if (flags.WithPrerequisites() != flags)
            throw new ArgumentException("CLEANSTACK needs WITNESS, and WITNESS needs P2SH.", nameof(flags));
        if (cache is not null && !ReferenceEquals(cache.Transaction, transaction))
            throw new ArgumentException("The hashes are of another transaction.", nameof(cache));

        cache ??= new PrecomputedTransactionData(transaction, spentOutputs);
        ref readonly var spent = ref spentOutputs[inputIndex];
        var context = new SpendContext(transaction, inputIndex, spent.Value, spentOutputs, cache);
        var verification = new SpendVerification(context, flags);
        try
        {
            return verification.Verify(transaction.ScriptSig(inputIndex), spent.ScriptPubKey, transaction.Witness(inputIndex));
        }
        finally
        {
            verification.Dispose();
        }
    }

    /// <summary>Verifies all inputs in order and stops at the first that fails.</summary>
    /// <param name="transaction">The spending transaction; coinbases have nothing to verify.</param>
    /// <param name="spentOutputs">What its inputs spend, in their order.</param>
    /// <param name="flags">The rules.</param>
    /// <param name="failedInput">The input that fails, −1 for none.</param>
    /// <param name="cache">Hashes shared by the inputs; null computes them.</param>
    public static ScriptError VerifyAll(
        Transaction transaction, ReadOnlySpan<TxOut> spentOutputs, ScriptFlags flags, out int failedInput, PrecomputedTransactionData? cache = null)
    {
        cache ??= new PrecomputedTransactionData(transaction, spentOutputs);
        for (failedInput = 0; failedInput < transaction.InputCount; failedInput++)
        {
            var error = VerifyInput(transaction, failedInput, spentOutputs, flags, cache);
            if (error != ScriptError.Ok)
                return error;
        }

        failedInput = -1;
        return ScriptError.Ok;
    }
}
