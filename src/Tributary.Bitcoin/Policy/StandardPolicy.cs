using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Policy;

/// <summary>
/// Would a node relay a transaction? Every rule that needs nothing but the transaction, what it spends and the tip, in the order and with
/// the reject reasons of Bitcoin Core. What depends on the mempool stands in <see cref="ReplacementPolicy"/>, <see cref="TrucPolicy"/> and
/// <see cref="PackagePolicy"/>.
/// </summary>
public static class StandardPolicy
{
    /// <summary>The most that the signature operations of a transaction may cost: a fifth of a block.</summary>
    public const int SigOpCostMax = 16_000;

    /// <summary>A smaller transaction could be read as an inner node of a Merkle tree (CVE-2017-12842).</summary>
    public const int BaseSizeMin = 65;

    /// <summary>The newest version that has a meaning (3: TRUC, BIP 431).</summary>
    public const uint VersionMax = 3;

    /// <summary>The most bytes of a scriptSig: a 15-of-15 P2SH multisig.</summary>
    public const int ScriptSigLengthMax = 1650;

    private const int BareMultisigKeysMax = 3;

    /// <summary>Null when a node takes it alone, or Bitcoin Core's reject reason.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="spent">What its inputs spend, in their order, mempool included.</param>
    /// <param name="height">The height of the block that would hold it: one above the tip.</param>
    /// <param name="medianTimePast">The median time of the tip and the ten blocks before it, seconds since 1970.</param>
    /// <param name="limits">The node's limits; null for the defaults.</param>
    public static string? Check(
        Transaction transaction, ReadOnlySpan<SpentOutput> spent, int height, long medianTimePast, PolicyLimits? limits = null) =>
        CheckUpToFee(transaction, spent, height, medianTimePast, out var fee, out var virtualSize, limits)
        ?? CheckFee(fee, virtualSize, limits)
        ?? CheckScripts(transaction, spent);

    /// <summary>As <see cref="Check"/> without the fee, which a package may pay together, and without running the scripts.</summary>
    public static string? CheckUpToFee(
        Transaction transaction,
        ReadOnlySpan<SpentOutput> spent,
        int height,
        long medianTimePast,
        out Satoshis fee,
        out int virtualSize,
        PolicyLimits? limits = null)
    {
        limits ??= PolicyLimits.Default;
        fee = Satoshis.Zero;
        virtualSize = 0;
        if ((CheckAlone(transaction, height, medianTimePast, limits)
            ?? (LockTimes.AreRelativeLocksOver(transaction, spent, height, medianTimePast) ? null : "non-BIP68-final")
            ?? TransactionChecks.CheckAmounts(transaction, spent, height, out fee)
            ?? SpendPolicy.Check(transaction, spent, limits)) is { } reason)
            return reason;

        var sigOpCost = SigOpCost.Of(transaction, spent);
        virtualSize = VirtualSize.Of(transaction, sigOpCost, limits.BytesPerSigOp);

        // Nobody shall have a reason to mine dust without the child that spends it.
        if (fee != Satoshis.Zero && Dust.Count(transaction, limits.DustFeerate) > 0)
            return "dust";
        return sigOpCost > SigOpCostMax ? "bad-txns-too-many-sigops" : null;
    }

    /// <summary>The rules that need nothing but the transaction and the tip.</summary>
    public static string? CheckAlone(Transaction transaction, int height, long medianTimePast, PolicyLimits? limits = null)
    {
        limits ??= PolicyLimits.Default;
        if (TransactionChecks.Check(transaction) is { } reason)
            return reason;
        if (transaction.IsCoinbase)
            return "coinbase";
        if (CheckForm(transaction, limits) is { } form)
            return form;
        if (transaction.BaseSize < BaseSizeMin)
            return "tx-size-small";
        return LockTimes.IsFinal(transaction, height, medianTimePast) ? null : "non-final";
    }

    /// <summary>The fee of a transaction that comes alone.</summary>
    public static string? CheckFee(Satoshis fee, int virtualSize, PolicyLimits? limits = null) =>
        fee < (limits ?? PolicyLimits.Default).MinRelayFeerate.FeeFor(virtualSize) ? "min relay fee not met" : null;

    /// <summary>Runs the scripts with the rules of relay; the reason tells whether a block could hold it.</summary>
    public static string? CheckScripts(Transaction transaction, ReadOnlySpan<SpentOutput> spent)
    {
        var outputs = new TxOut[spent.Length];
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] = spent[i].Output;

        var cache = new PrecomputedTransactionData(transaction, outputs);
        var error = TransactionVerifier.VerifyAll(transaction, outputs, ScriptFlags.Standard, out var input, cache);
        if (error == ScriptError.Ok)
            return null;
        return TransactionVerifier.VerifyInput(transaction, input, outputs, ScriptFlags.Consensus, cache) == ScriptError.Ok
            ? $"non-mandatory-script-verify-flag ({error.GetMessage()})"
            : $"mandatory-script-verify-flag-failed ({error.GetMessage()})";
    }

    private static string? CheckForm(Transaction transaction, PolicyLimits limits)
    {
        if (transaction.Version is < 1 or > VersionMax)
            return "version";
        if (transaction.Weight > limits.TransactionWeightMax)
            return "tx-size";
        for (var i = 0; i < transaction.InputCount; i++)
        {
            var scriptSig = transaction.ScriptSig(i);
            if (scriptSig.Length > ScriptSigLengthMax)
                return "scriptsig-size";
            if (!scriptSig.IsPushOnly)
                return "scriptsig-not-pushonly";
        }

        return CheckOutputs(transaction, limits);
    }

    private static string? CheckOutputs(Transaction transaction, PolicyLimits limits)
    {
        var dataCarriers = 0;
        long dataCarrierBytes = 0;
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            var script = transaction.Output(i).ScriptPubKey;
            var solution = StandardScripts.Classify(script);
            switch (solution.Type)
            {
                case ScriptType.NonStandard:
                case ScriptType.Multisig when solution.Keys.Length > BareMultisigKeysMax:
                case ScriptType.NullData when !limits.AllowsManyDataCarriers && script.Length > limits.DataCarrierBytesMax:
                    return "scriptpubkey";
                case ScriptType.Multisig when !limits.AllowsBareMultisig:
                    return "bare-multisig";
                case ScriptType.NullData:
                    dataCarriers++;
                    dataCarrierBytes += script.Length;
                    if (limits.AllowsManyDataCarriers && dataCarrierBytes > limits.DataCarrierBytesMax)
                        return "datacarrier";
                    break;
                default:
                    break;
            }
        }

        if (Dust.Count(transaction, limits.DustFeerate) > Dust.OutputsMax)
            return "dust";
        return dataCarriers > 1 && !limits.AllowsManyDataCarriers ? "multi-op-return" : null;
    }
}
