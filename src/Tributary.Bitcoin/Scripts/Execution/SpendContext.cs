using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>The transaction around a script: what signatures are checked against and lock times compared with.</summary>
internal readonly ref struct SpendContext(
    Transaction transaction, int inputIndex, Satoshis amount, ReadOnlySpan<TxOut> spentOutputs, PrecomputedTransactionData? cache)
{
    private const uint LockTimeThreshold = 500_000_000;
    private const uint SequenceDisableFlag = 1u << 31;
    private const uint SequenceTypeFlag = 1u << 22;
    private const uint SequenceMask = 0xffff;

    private readonly Transaction _transaction = transaction;
    private readonly int _inputIndex = inputIndex;
    private readonly Satoshis _amount = amount;
    private readonly ReadOnlySpan<TxOut> _spentOutputs = spentOutputs;
    private readonly PrecomputedTransactionData? _cache = cache;

    /// <summary>The hash that a signature of a legacy or segwit v0 script signs.</summary>
    internal Bytes32 EcdsaHash(ReadOnlySpan<byte> scriptCode, int hashType, SignatureVersion version) =>
        version == SignatureVersion.WitnessV0
            ? SignatureHash.SegwitV0(_transaction, _inputIndex, scriptCode, _amount, hashType, _cache)
            : SignatureHash.Legacy(_transaction, _inputIndex, scriptCode, hashType);

    /// <summary>Checks a signature with its hash type; false for any bytes that are none.</summary>
    internal bool CheckEcdsa(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key, ReadOnlySpan<byte> scriptCode, SignatureVersion version) =>
        !signature.IsEmpty
        && StandardScripts.IsKeyShaped(key)
        && Ecdsa.VerifyLax(key, signature[..^1], EcdsaHash(scriptCode, signature[^1], version).Span);

    /// <summary>Checks a signature of 64 bytes, or 65 with a hash type, that must be there (BIP 341).</summary>
    internal ScriptError CheckSchnorr(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> key, ref readonly TapscriptState state)
    {
        if (signature.Length is not (Schnorr.SignatureLength or Schnorr.SignatureLength + 1))
            return ScriptError.SchnorrSigSize;

        var hashType = signature.Length == Schnorr.SignatureLength ? SighashType.Default : signature[^1];
        if (signature.Length > Schnorr.SignatureLength && hashType == SighashType.Default)
            return ScriptError.SchnorrSigHashType;
        if (!SignatureHash.TryTaproot(
                _transaction, _inputIndex, _spentOutputs, hashType, out var hash, state.Annex.Span, state.LeafHash, state.CodeSeparatorPosition, _cache))
            return ScriptError.SchnorrSigHashType;
        return Schnorr.Verify(key, hash.Span, signature[..Schnorr.SignatureLength]) ? ScriptError.Ok : ScriptError.SchnorrSig;
    }

    /// <summary>BIP 65: of the same kind as the transaction's lock time, not beyond it, and the input does not switch it off.</summary>
    internal bool IsLockTimeReached(long lockTime)
    {
        var own = _transaction.LockTime;
        return own < LockTimeThreshold == lockTime < LockTimeThreshold
            && lockTime <= own
            && _transaction.Sequence(_inputIndex) != TxIn.Final;
    }

    /// <summary>BIP 112: of the same kind as the input's relative lock time, not beyond it, and BIP 68 applies to the input.</summary>
    internal bool IsSequenceReached(long sequence)
    {
        var own = _transaction.Sequence(_inputIndex);
        if ((sequence & SequenceDisableFlag) != 0)
            return true;
        if (_transaction.Version < 2 || (own & SequenceDisableFlag) != 0)
            return false;

        own &= SequenceTypeFlag | SequenceMask;
        sequence &= SequenceTypeFlag | SequenceMask;
        return own < SequenceTypeFlag == sequence < SequenceTypeFlag && sequence <= own;
    }
}
