using System.Buffers.Binary;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts;

/// <summary>
/// The hashes over all inputs and outputs that every input's signature hash shares (BIP 143, BIP 341), computed once per transaction: what
/// keeps the work linear in the transaction's size. Immutable; safe for all threads.
/// </summary>
public sealed class PrecomputedTransactionData
{
    private readonly Bytes32 _amountsHash;
    private readonly Bytes32 _scriptsHash;
    private readonly Bytes32 _prevoutsHash;
    private readonly Bytes32 _sequencesHash;
    private readonly Bytes32 _outputsHash;
    private readonly Bytes32 _prevoutsDoubleHash;
    private readonly Bytes32 _sequencesDoubleHash;
    private readonly Bytes32 _outputsDoubleHash;

    /// <summary>Computes what the witnesses of a transaction call for.</summary>
    /// <param name="transaction">The spending transaction.</param>
    /// <param name="spentOutputs">What its inputs spend, in their order; without it, taproot signatures can't be checked.</param>
    /// <param name="forSigning">Compute everything: an unsigned transaction does not show yet what its inputs need.</param>
    public PrecomputedTransactionData(Transaction transaction, ReadOnlySpan<TxOut> spentOutputs = default, bool forSigning = false)
    {
        Transaction = transaction;
        var knowsSpent = spentOutputs.Length == transaction.InputCount;
        var (segwit, taproot) = forSigning ? (true, true) : Uses(transaction, knowsSpent ? spentOutputs : default);
        if (!segwit && !taproot)
            return;

        _prevoutsHash = HashPrevouts(transaction);
        _sequencesHash = HashSequences(transaction);
        _outputsHash = Hashes.Sha256(transaction.AllOutputsBytes);
        if (segwit)
        {
            _prevoutsDoubleHash = Hashes.Sha256(_prevoutsHash.Span);
            _sequencesDoubleHash = Hashes.Sha256(_sequencesHash.Span);
            _outputsDoubleHash = Hashes.Sha256(_outputsHash.Span);
            HasSegwitV0 = true;
        }

        if (taproot && knowsSpent)
        {
            (_amountsHash, _scriptsHash) = HashSpent(spentOutputs);
            HasTaproot = true;
        }
    }

    /// <summary>The transaction it is of.</summary>
    public Transaction Transaction { get; }

    internal bool HasSegwitV0 { get; }

    internal bool HasTaproot { get; }

    internal ref readonly Bytes32 PrevoutsHash => ref _prevoutsHash;

    internal ref readonly Bytes32 AmountsHash => ref _amountsHash;

    internal ref readonly Bytes32 ScriptsHash => ref _scriptsHash;

    internal ref readonly Bytes32 SequencesHash => ref _sequencesHash;

    internal ref readonly Bytes32 OutputsHash => ref _outputsHash;

    internal ref readonly Bytes32 PrevoutsDoubleHash => ref _prevoutsDoubleHash;

    internal ref readonly Bytes32 SequencesDoubleHash => ref _sequencesDoubleHash;

    internal ref readonly Bytes32 OutputsDoubleHash => ref _outputsDoubleHash;

    internal static Bytes32 HashPrevouts(Transaction transaction)
    {
        var stream = default(Sha256Stream);
        for (var i = 0; i < transaction.InputCount; i++)
            stream.Append(transaction.PreviousOutputBytes(i));
        return Finish(ref stream);
    }

    internal static Bytes32 HashSequences(Transaction transaction)
    {
        var stream = default(Sha256Stream);
        for (var i = 0; i < transaction.InputCount; i++)
            stream.Append(transaction.SequenceBytes(i));
        return Finish(ref stream);
    }

    private static (Bytes32 Amounts, Bytes32 Scripts) HashSpent(ReadOnlySpan<TxOut> spentOutputs)
    {
        var amounts = default(Sha256Stream);
        var scripts = default(Sha256Stream);
        Span<byte> amount = stackalloc byte[sizeof(long)];
        foreach (ref readonly var output in spentOutputs)
        {
            BinaryPrimitives.WriteInt64LittleEndian(amount, output.Value.Value);
            amounts.Append(amount);
            SignatureHash.AppendCompactSizeBytes(ref scripts, output.ScriptPubKey.Span);
        }

        return (Finish(ref amounts), Finish(ref scripts));
    }

    private static Bytes32 Finish(ref Sha256Stream stream)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        stream.Finish(hash);
        return new Bytes32(hash);
    }

    // A witness on an output of 34 bytes that begins with OP_1 is a taproot spend; any other may be segwit v0.
    private static (bool Segwit, bool Taproot) Uses(Transaction transaction, ReadOnlySpan<TxOut> spentOutputs)
    {
        var segwit = false;
        var taproot = false;
        for (var i = 0; transaction.HasWitness && i < transaction.InputCount && !(segwit && taproot); i++)
        {
            if (transaction.Witness(i).IsEmpty)
                continue;
            var isTaproot = !spentOutputs.IsEmpty && spentOutputs[i].ScriptPubKey is { Length: 34 } script && script.Span[0] == (byte)Opcode.Op1;
            taproot |= isTaproot;
            segwit |= !isTaproot;
        }

        return (segwit, taproot);
    }
}
