using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>Reads the global map and what the maps share: the shapes of keys, paths and signatures.</summary>
internal static class PsbtReader
{
    internal static Result<PartiallySignedTransaction, Refusal> Read(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.Span.StartsWith("psbt"u8) || bytes.Length < 5 || bytes.Span[4] != 0xff)
            return new Refusal("psbt.magic", "is missing: a PSBT begins with 70736274ff");

        var position = 5;
        if (!PsbtMap.TryRead(bytes, ref position, "psbt.global", out var map, out var refusal) || !TryReadGlobal(map, out var global, out refusal))
            return refusal;

        var transaction = global.Transaction;
        var inputs = ImmutableArray.CreateBuilder<PsbtInput>(transaction.InputCount);
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (position == bytes.Length)
                return new Refusal("psbt.inputs", $"are {i}, the transaction has {transaction.InputCount}");
            if (!PsbtMap.TryRead(bytes, ref position, $"inputs[{i}]", out map, out refusal)
                || !PsbtInputReader.TryRead(map, i, transaction.PreviousOutput(i), out var input, out refusal))
                return refusal;
            inputs.Add(input);
        }

        var outputs = ImmutableArray.CreateBuilder<PsbtOutput>(transaction.OutputCount);
        for (var i = 0; i < transaction.OutputCount; i++)
        {
            if (position == bytes.Length)
                return new Refusal("psbt.outputs", $"are {i}, the transaction has {transaction.OutputCount}");
            if (!PsbtMap.TryRead(bytes, ref position, $"outputs[{i}]", out map, out refusal) || !PsbtOutputReader.TryRead(map, i, out var output, out refusal))
                return refusal;
            outputs.Add(output);
        }

        if (position != bytes.Length)
            return new Refusal("psbt", $"has {bytes.Length - position} bytes after its end");
        return new PartiallySignedTransaction(transaction, inputs.MoveToImmutable(), outputs.MoveToImmutable(), global.Keys, global.Unknown);
    }

    private static bool TryReadGlobal(PsbtMap map, out Global global, [NotNullWhen(false)] out Refusal? refusal)
    {
        global = default;
        Transaction? transaction = null;
        var keys = ImmutableArray.CreateBuilder<PsbtExtendedKey>();
        var unknown = ImmutableArray.CreateBuilder<PsbtEntry>();
        for (var i = 0; i < map.Count; i++)
        {
            var pair = map[i];
            switch (pair.Type)
            {
                case PsbtTypes.Global.UnsignedTransaction when !TryReadUnsigned(pair, out transaction, out refusal):
                case PsbtTypes.Global.ExtendedPublicKey when !TryReadExtendedKey(pair, keys, out refusal):
                case PsbtTypes.Global.Version when !TryCheckVersion(pair, out refusal):
                case > PsbtTypes.Global.ExtendedPublicKey and not PsbtTypes.Global.Version when !TryKeep("global", pair, unknown, out refusal):
                    return false;
            }
        }

        if (transaction is null)
        {
            refusal = new Refusal("global.unsigned_tx", "is missing");
            return false;
        }

        global = new Global(transaction, keys.ToImmutable(), unknown.ToImmutable());
        refusal = null;
        return true;
    }

    private static bool TryReadUnsigned(PsbtMap.Pair pair, out Transaction? transaction, [NotNullWhen(false)] out Refusal? refusal)
    {
        const string Field = "global.unsigned_tx";
        transaction = null;
        if (!TryRequire(Field, pair, keyDataLength: 0, out refusal))
            return false;
        if (!TransactionReader.Parse(pair.Value.ToArray(), allowWitness: false).TryGet(out transaction, out refusal))
        {
            refusal = new Refusal(Field, refusal.Reason);
            return false;
        }

        if (transaction.Inputs.Any(static input => !input.ScriptSig.IsEmpty))
            refusal = new Refusal(Field, "has a scriptSig; signatures belong into the inputs");
        return refusal is null;
    }

    private static bool TryReadExtendedKey(PsbtMap.Pair pair, ImmutableArray<PsbtExtendedKey>.Builder keys, [NotNullWhen(false)] out Refusal? refusal)
    {
        const string Field = "global.xpub";
        const int SerializedLength = 78;
        const int KeyStart = 45;
        if (!TryRequire(Field, pair, SerializedLength, out refusal))
            return false;

        if (!EncodedPublicKey.TryParse(pair.KeyData[KeyStart..], out _))
            refusal = new Refusal(Field, "holds no public key");
        else if (!TryReadOrigin(pair.Value.Span, out var origin))
            refusal = new Refusal(Field, "has an origin that is no fingerprint and path");
        else if (origin.Path.Count != pair.KeyData.Span[4])
            refusal = new Refusal(Field, "has a path whose length is not the key's depth");
        else
            keys.Add(new PsbtExtendedKey(pair.KeyData, origin));
        return refusal is null;
    }

    private static bool TryCheckVersion(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        const string Field = "global.version";
        if (!TryRequire(Field, pair, keyDataLength: 0, out refusal))
            return false;
        if (pair.Value.Length != sizeof(uint))
            refusal = new Refusal(Field, "takes 4 bytes");
        else if (BinaryPrimitives.ReadUInt32LittleEndian(pair.Value.Span) is var version and not 0)
            refusal = new Refusal(Field, $"is {version}; version 0 (BIP 174) is supported");
        return refusal is null;
    }

    /// <summary>Keeps a field of unknown type; the key of a proprietary field must have its parts.</summary>
    internal static bool TryKeep(string map, PsbtMap.Pair pair, ImmutableArray<PsbtEntry>.Builder unknown, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        if (pair.Type == PsbtTypes.Proprietary)
        {
            var reader = new SpanReader(pair.KeyData.Span);
            if (!reader.TryReadCompactSizeBytes(out _) || !reader.TryReadCompactSize(out _))
                refusal = new Refusal($"{map}.proprietary", "has a key without identifier and subtype");
        }

        if (refusal is null)
            unknown.Add(pair.ToEntry());
        return refusal is null;
    }

    /// <summary>Refuses key data of another length.</summary>
    internal static bool TryRequire(string field, PsbtMap.Pair pair, int keyDataLength, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = pair.KeyData.Length == keyDataLength
            ? null
            : new Refusal(field, keyDataLength == 0 ? "has key data where none belong" : $"has key data of {pair.KeyData.Length} bytes instead of {keyDataLength}");
        return refusal is null;
    }

    /// <summary>A fingerprint and steps of four bytes.</summary>
    internal static bool TryReadOrigin(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KeyOrigin? origin)
    {
        origin = null;
        var steps = (bytes.Length / sizeof(uint)) - 1;
        if (bytes.Length % sizeof(uint) != 0 || steps is < 0 or > DerivationPath.LengthMax)
            return false;

        Span<ChildIndex> path = stackalloc ChildIndex[steps];
        for (var i = 0; i < steps; i++)
            path[i] = ChildIndex.FromRaw(BinaryPrimitives.ReadUInt32LittleEndian(bytes[((i + 1) * sizeof(uint))..]));
        origin = new KeyOrigin(KeyFingerprint.FromBytes(bytes[..KeyFingerprint.Length]), new DerivationPath(path));
        return true;
    }

    /// <summary>Leaf hashes and an origin.</summary>
    internal static bool TryReadTaprootOrigin(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TaprootKeyOrigin? origin)
    {
        origin = null;
        var reader = new SpanReader(bytes);
        if (!reader.TryReadCount(Bytes32.Length, out var count))
            return false;

        var leaves = new Bytes32[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes32(out leaves[i]))
                return false;
        }

        if (!TryReadOrigin(reader.Rest, out var keyOrigin))
            return false;
        origin = new TaprootKeyOrigin(ImmutableCollectionsMarshal.AsImmutableArray(leaves), keyOrigin);
        return true;
    }

    /// <summary>A derivation field keyed by a public key of 33 or 65 bytes.</summary>
    internal static bool TryReadDerivation(string field, PsbtMap.Pair pair, ImmutableSortedDictionary<EncodedPublicKey, KeyOrigin>.Builder derivations, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        if (!EncodedPublicKey.TryParse(pair.KeyData, out var key))
            refusal = new Refusal(field, "is for bytes that are no public key");
        else if (!TryReadOrigin(pair.Value.Span, out var origin))
            refusal = new Refusal(field, "is no fingerprint and path");
        else
            derivations.Add(key, origin);
        return refusal is null;
    }

    /// <summary>A derivation field keyed by an x-only key.</summary>
    internal static bool TryReadTaprootDerivation(string field, PsbtMap.Pair pair, ImmutableSortedDictionary<Bytes32, TaprootKeyOrigin>.Builder derivations, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!TryRequire(field, pair, Bytes32.Length, out refusal))
            return false;
        if (!TryReadTaprootOrigin(pair.Value.Span, out var origin))
            refusal = new Refusal(field, "is no list of leaf hashes, fingerprint and path");
        else
            derivations.Add(new Bytes32(pair.KeyData.Span), origin);
        return refusal is null;
    }

    /// <summary>A value of 32 bytes without key data.</summary>
    internal static bool TryReadBytes32(string field, PsbtMap.Pair pair, out Bytes32? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = null;
        if (!TryRequire(field, pair, keyDataLength: 0, out refusal))
            return false;
        if (pair.Value.Length != Bytes32.Length)
            refusal = new Refusal(field, $"takes 32 bytes and has {pair.Value.Length}");
        else
            value = new Bytes32(pair.Value.Span);
        return refusal is null;
    }

    /// <summary>
    /// The lengths that BIP 373 gives the fields of MuSig2, which are passed through otherwise unread: an aggregate key with its
    /// participants' keys, or participant, aggregate key and perhaps leaf with a nonce or partial signature.
    /// </summary>
    internal static bool TryKeepMusig2(string map, PsbtMap.Pair pair, int valueLength, ImmutableArray<PsbtEntry>.Builder unknown, [NotNullWhen(false)] out Refusal? refusal)
    {
        const int KeyLength = 33;
        var isParticipants = valueLength == 0;
        var keyFits = isParticipants ? pair.KeyData.Length == KeyLength : pair.KeyData.Length is 2 * KeyLength or (2 * KeyLength) + 32;
        var valueFits = isParticipants ? pair.Value.Length > 0 && pair.Value.Length % KeyLength == 0 : pair.Value.Length == valueLength;
        refusal = keyFits && valueFits ? null : new Refusal($"{map}.musig2", "has a key or value of another length than BIP 373 gives it");
        if (refusal is null)
            unknown.Add(pair.ToEntry());
        return refusal is null;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Global(Transaction Transaction, ImmutableArray<PsbtExtendedKey> Keys, ImmutableArray<PsbtEntry> Unknown);
}
