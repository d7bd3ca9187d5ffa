using System.Buffers.Binary;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts;

/// <summary>What a signature signs: legacy, segwit v0 (BIP 143) and taproot (BIP 341, BIP 342). Nothing here allocates.</summary>
public static class SignatureHash
{
    /// <summary>The code separator position of a script that has executed none (BIP 342).</summary>
    public const uint NoCodeSeparator = uint.MaxValue;

    /// <summary>
    /// The legacy hash. The script code is taken as it is (signatures to be deleted from it are the caller's); OP_CODESEPARATORs in it are
    /// skipped. SIGHASH_SINGLE without an output at the input's place is the number one, which anyone can have signed.
    /// </summary>
    /// <param name="transaction">The spending transaction.</param>
    /// <param name="inputIndex">The input that is signed.</param>
    /// <param name="scriptCode">The script that checks the signature.</param>
    /// <param name="hashType">Hashed whole; its low bits say what is covered.</param>
    public static Bytes32 Legacy(Transaction transaction, int inputIndex, ReadOnlySpan<byte> scriptCode, int hashType)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)inputIndex, (uint)transaction.InputCount, nameof(inputIndex));
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        if ((hashType & SighashType.OutputMask) == SighashType.Single && inputIndex >= transaction.OutputCount)
        {
            hash.Clear();
            hash[0] = 1;
            return new Bytes32(hash);
        }

        var stream = default(Sha256Stream);
        stream.Append(transaction.VersionBytes);
        AppendLegacyInputs(ref stream, transaction, inputIndex, scriptCode, hashType);
        AppendLegacyOutputs(ref stream, transaction, inputIndex, hashType);
        stream.Append(transaction.LockTimeBytes);
        AppendInt32(ref stream, hashType);
        stream.FinishDouble(hash);
        return new Bytes32(hash);
    }

    /// <summary>The hash of segwit v0 (BIP 143).</summary>
    /// <param name="transaction">The spending transaction.</param>
    /// <param name="inputIndex">The input that is signed.</param>
    /// <param name="scriptCode">The witness script after its last executed OP_CODESEPARATOR; for P2WPKH the P2PKH script of the hash.</param>
    /// <param name="value">The amount that the input spends.</param>
    /// <param name="hashType">Hashed whole; its low bits say what is covered.</param>
    /// <param name="cache">Shared hashes of this transaction, or null to compute them.</param>
    public static Bytes32 SegwitV0(
        Transaction transaction, int inputIndex, ReadOnlySpan<byte> scriptCode, Satoshis value, int hashType, PrecomputedTransactionData? cache = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)inputIndex, (uint)transaction.InputCount, nameof(inputIndex));
        if (cache is not { HasSegwitV0: true })
            cache = new PrecomputedTransactionData(transaction, forSigning: true);

        var anyoneCanPay = (hashType & SighashType.AnyoneCanPay) != 0;
        var kind = hashType & SighashType.OutputMask;
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        Span<byte> zero = stackalloc byte[Bytes32.Length];
        zero.Clear();

        var stream = default(Sha256Stream);
        stream.Append(transaction.VersionBytes);
        stream.Append(anyoneCanPay ? zero : cache.PrevoutsDoubleHash.Span);
        stream.Append(anyoneCanPay || kind is SighashType.Single or SighashType.None ? zero : cache.SequencesDoubleHash.Span);
        stream.Append(transaction.PreviousOutputBytes(inputIndex));
        AppendCompactSizeBytes(ref stream, scriptCode);
        AppendInt64(ref stream, value.Value);
        stream.Append(transaction.SequenceBytes(inputIndex));
        if (kind == SighashType.Single && inputIndex < transaction.OutputCount)
        {
            Hashes.Sha256d(transaction.OutputBytes(inputIndex), hash);
            stream.Append(hash);
        }
        else
        {
            stream.Append(kind is SighashType.Single or SighashType.None ? zero : cache.OutputsDoubleHash.Span);
        }

        stream.Append(transaction.LockTimeBytes);
        AppendInt32(ref stream, hashType);
        stream.FinishDouble(hash);
        return new Bytes32(hash);
    }

    /// <summary>The hash of taproot, for a signer that knows what it asks for.</summary>
    /// <exception cref="ArgumentException">The hash type is none, or is SIGHASH_SINGLE and there is no output at the input's place.</exception>
    public static Bytes32 Taproot(
        Transaction transaction,
        int inputIndex,
        ReadOnlySpan<TxOut> spentOutputs,
        byte hashType,
        ReadOnlySpan<byte> annex = default,
        Bytes32? leafHash = null,
        uint codeSeparatorPosition = NoCodeSeparator,
        PrecomputedTransactionData? cache = null) =>
        TryTaproot(transaction, inputIndex, spentOutputs, hashType, out var hash, annex, leafHash, codeSeparatorPosition, cache)
            ? hash
            : throw new ArgumentException("BIP 341 has no such hash for this transaction.", nameof(hashType));

    /// <summary>The hash of taproot (BIP 341; with a leaf, BIP 342). False when the hash type or the covered output does not exist.</summary>
    /// <param name="transaction">The spending transaction.</param>
    /// <param name="inputIndex">The input that is signed.</param>
    /// <param name="spentOutputs">What all inputs spend, in their order.</param>
    /// <param name="hashType">One of the seven that BIP 341 defines.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="annex">The annex with its 0x50, or nothing.</param>
    /// <param name="leafHash">The leaf whose script checks the signature, or null for the key path.</param>
    /// <param name="codeSeparatorPosition">The place, counted in operations, of the last executed OP_CODESEPARATOR.</param>
    /// <param name="cache">Shared hashes of this transaction, or null to compute them.</param>
    public static bool TryTaproot(
        Transaction transaction,
        int inputIndex,
        ReadOnlySpan<TxOut> spentOutputs,
        byte hashType,
        out Bytes32 hash,
        ReadOnlySpan<byte> annex = default,
        Bytes32? leafHash = null,
        uint codeSeparatorPosition = NoCodeSeparator,
        PrecomputedTransactionData? cache = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)inputIndex, (uint)transaction.InputCount, nameof(inputIndex));
        ArgumentOutOfRangeException.ThrowIfNotEqual(spentOutputs.Length, transaction.InputCount, nameof(spentOutputs));
        hash = default;
        var single = (hashType & 3) == SighashType.Single;
        if (!SighashType.IsValidForTaproot(hashType) || (single && inputIndex >= transaction.OutputCount))
            return false;
        if (cache is not { HasTaproot: true })
            cache = new PrecomputedTransactionData(transaction, spentOutputs, forSigning: true);

        // Epoch 0, then the hash type.
        var stream = TaggedHashes.TapSighash.Start();
        stream.Append(0);
        stream.Append(hashType);
        AppendTaprootTransaction(ref stream, transaction, hashType, cache);
        AppendTaprootInput(ref stream, transaction, inputIndex, in spentOutputs[inputIndex], hashType, annex, leafHash.HasValue);

        Span<byte> buffer = stackalloc byte[Bytes32.Length];
        if (single)
        {
            Hashes.Sha256(transaction.OutputBytes(inputIndex), buffer);
            stream.Append(buffer);
        }

        if (leafHash is { } leaf)
        {
            // Key version 0: BIP 342's keys of 32 bytes.
            stream.Append(leaf.Span);
            stream.Append(0);
            AppendInt32(ref stream, (int)codeSeparatorPosition);
        }

        stream.Finish(buffer);
        hash = new Bytes32(buffer);
        return true;
    }

    internal static void AppendCompactSizeBytes(ref Sha256Stream stream, ReadOnlySpan<byte> bytes)
    {
        AppendCompactSize(ref stream, bytes.Length);
        stream.Append(bytes);
    }

    internal static void AppendCompactSize(ref Sha256Stream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[5];
        switch (value)
        {
            case < 0xfd:
                stream.Append((byte)value);
                return;
            case <= ushort.MaxValue:
                bytes[0] = 0xfd;
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[1..], (ushort)value);
                stream.Append(bytes[..3]);
                return;
            default:
                bytes[0] = 0xfe;
                BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], value);
                stream.Append(bytes);
                return;
        }
    }

    private static void AppendInt32(ref Sha256Stream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Append(bytes);
    }

    private static void AppendInt64(ref Sha256Stream stream, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Append(bytes);
    }

    // Other inputs lose their scripts, and with NONE or SINGLE their sequences too.
    private static void AppendLegacyInputs(ref Sha256Stream stream, Transaction transaction, int inputIndex, ReadOnlySpan<byte> scriptCode, int hashType)
    {
        var onlyOwn = (hashType & SighashType.AnyoneCanPay) != 0;
        var keepsSequences = (hashType & SighashType.OutputMask) is not (SighashType.Single or SighashType.None);
        AppendCompactSize(ref stream, onlyOwn ? 1 : transaction.InputCount);
        for (var i = onlyOwn ? inputIndex : 0; i < (onlyOwn ? inputIndex + 1 : transaction.InputCount); i++)
        {
            stream.Append(transaction.PreviousOutputBytes(i));
            if (i == inputIndex)
                AppendWithoutCodeSeparators(ref stream, scriptCode);
            else
                stream.Append(0);
            if (i == inputIndex || keepsSequences)
                stream.Append(transaction.SequenceBytes(i));
            else
                AppendInt32(ref stream, 0);
        }
    }

    // With SINGLE the outputs before the covered one are there as amount -1 and an empty script.
    private static void AppendLegacyOutputs(ref Sha256Stream stream, Transaction transaction, int inputIndex, int hashType)
    {
        switch (hashType & SighashType.OutputMask)
        {
            case SighashType.None:
                AppendCompactSize(ref stream, 0);
                break;
            case SighashType.Single:
                AppendCompactSize(ref stream, inputIndex + 1);
                for (var i = 0; i < inputIndex; i++)
                {
                    AppendInt64(ref stream, -1);
                    stream.Append(0);
                }

                stream.Append(transaction.OutputBytes(inputIndex));
                break;
            default:
                AppendCompactSize(ref stream, transaction.OutputCount);
                stream.Append(transaction.AllOutputsBytes);
                break;
        }
    }

    private static void AppendWithoutCodeSeparators(ref Sha256Stream stream, ReadOnlySpan<byte> scriptCode)
    {
        if (!scriptCode.Contains((byte)Opcode.CodeSeparator))
        {
            AppendCompactSizeBytes(ref stream, scriptCode);
            return;
        }

        var separators = 0;
        var counter = new ScriptReader(scriptCode);
        while (counter.TryReadNext(out var opcode, out _))
            separators += opcode == Opcode.CodeSeparator ? 1 : 0;

        AppendCompactSize(ref stream, scriptCode.Length - separators);
        var reader = new ScriptReader(scriptCode);
        var from = 0;
        while (reader.TryReadNext(out var opcode, out _))
        {
            if (opcode != Opcode.CodeSeparator)
                continue;
            stream.Append(scriptCode[from..(reader.Position - 1)]);
            from = reader.Position;
        }

        // A push that is cut short ends what Bitcoin Core serializes, whatever length it announced.
        stream.Append(scriptCode[from..reader.Position]);
    }

    private static void AppendTaprootTransaction(ref Sha256Stream stream, Transaction transaction, byte hashType, PrecomputedTransactionData cache)
    {
        stream.Append(transaction.VersionBytes);
        stream.Append(transaction.LockTimeBytes);
        if ((hashType & SighashType.AnyoneCanPay) == 0)
        {
            stream.Append(cache.PrevoutsHash.Span);
            stream.Append(cache.AmountsHash.Span);
            stream.Append(cache.ScriptsHash.Span);
            stream.Append(cache.SequencesHash.Span);
        }

        if ((hashType & 3) is SighashType.Default or SighashType.All)
            stream.Append(cache.OutputsHash.Span);
    }

    private static void AppendTaprootInput(
        ref Sha256Stream stream, Transaction transaction, int inputIndex, in TxOut spent, byte hashType, ReadOnlySpan<byte> annex, bool hasLeaf)
    {
        // The spend type: bit 0 the annex, bit 1 a script.
        stream.Append((byte)((hasLeaf ? 2 : 0) | (annex.IsEmpty ? 0 : 1)));
        if ((hashType & SighashType.AnyoneCanPay) != 0)
        {
            stream.Append(transaction.PreviousOutputBytes(inputIndex));
            AppendInt64(ref stream, spent.Value.Value);
            AppendCompactSizeBytes(ref stream, spent.ScriptPubKey.Span);
            stream.Append(transaction.SequenceBytes(inputIndex));
        }
        else
        {
            AppendInt32(ref stream, inputIndex);
        }

        if (annex.IsEmpty)
            return;

        Span<byte> hash = stackalloc byte[Bytes32.Length];
        var annexStream = default(Sha256Stream);
        AppendCompactSizeBytes(ref annexStream, annex);
        annexStream.Finish(hash);
        stream.Append(hash);
    }
}
