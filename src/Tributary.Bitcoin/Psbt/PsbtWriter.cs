using System.Buffers.Binary;
using Tributary.Bitcoin.Keys;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Psbt;

/// <summary>
/// Writes a PSBT in one canonical form: types ascending, and within a type the order Bitcoin Core gives its fields, so that what two
/// programs know alike they write alike.
/// </summary>
internal static class PsbtWriter
{
    internal static byte[] Write(PartiallySignedTransaction psbt)
    {
        var writer = new ByteWriter(1024);
        writer.WriteBytes("psbt"u8);
        writer.WriteByte(0xff);
        WriteGlobal(writer, psbt);
        foreach (var input in psbt.Inputs)
            WriteInput(writer, input);
        foreach (var output in psbt.Outputs)
            WriteOutput(writer, output);
        return writer.ToArray();
    }

    private static void WriteGlobal(ByteWriter writer, PartiallySignedTransaction psbt)
    {
        var map = new MapWriter(writer, psbt.Unknown.AsSpan());
        map.Write(PsbtTypes.Global.UnsignedTransaction, psbt.UnsignedTransaction.Memory.Span);
        foreach (var key in psbt.ExtendedKeys)
            map.Write(PsbtTypes.Global.ExtendedPublicKey, key.Serialized.Span, Serialize(key.Origin));
        map.Finish();
    }

    private static void WriteInput(ByteWriter writer, PsbtInput input)
    {
        var map = new MapWriter(writer, input.Unknown.AsSpan());
        if (input.NonWitnessUtxo is { } previous)
            map.Write(PsbtTypes.Input.NonWitnessUtxo, previous.Memory.Span);
        if (input.WitnessUtxo is { } spent)
        {
            var output = new ByteWriter(64);
            spent.WriteTo(output);
            map.Write(PsbtTypes.Input.WitnessUtxo, output.WrittenSpan);
        }

        // Bitcoin Core keeps signatures by the hash of their key.
        foreach (var (key, signature) in input.PartialSignatures.OrderBy(static pair => pair.Key.Hash160, HashOrder.Instance))
            map.Write(PsbtTypes.Input.PartialSignature, key.Span, signature.Span);
        if (input.SighashType is { } sighashType)
        {
            Span<byte> value = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(value, sighashType);
            map.Write(PsbtTypes.Input.SighashType, value);
        }

        if (input.RedeemScript is { } redeemScript)
            map.Write(PsbtTypes.Input.RedeemScript, redeemScript.Span);
        if (input.WitnessScript is { } witnessScript)
            map.Write(PsbtTypes.Input.WitnessScript, witnessScript.Span);
        foreach (var (key, origin) in input.Bip32Derivations)
            map.Write(PsbtTypes.Input.Bip32Derivation, key.Span, Serialize(origin));
        if (input.FinalScriptSig is { } scriptSig)
            map.Write(PsbtTypes.Input.FinalScriptSig, scriptSig.Span);
        if (input.FinalScriptWitness is { } witness)
        {
            var stack = new ByteWriter(256);
            witness.WriteTo(stack);
            map.Write(PsbtTypes.Input.FinalScriptWitness, stack.WrittenSpan);
        }

        foreach (var preimage in input.Preimages)
            map.Write(TypeOf(preimage.Kind), preimage.Hash.Span, preimage.Preimage.Span);
        WriteTaproot(ref map, input);
        map.Finish();
    }

    private static void WriteTaproot(ref MapWriter map, PsbtInput input)
    {
        if (input.TaprootKeySignature is { } signature)
            map.Write(PsbtTypes.Input.TapKeySignature, signature.Span);
        foreach (var (key, scriptSignature) in input.TaprootScriptSignatures)
            map.Write(PsbtTypes.Input.TapScriptSignature, [.. key.PublicKey.Span, .. key.LeafHash.Span], scriptSignature.Span);
        foreach (var leaf in input.TaprootLeaves)
            map.Write(PsbtTypes.Input.TapLeafScript, leaf.ControlBlock.Span, [.. leaf.Script.Span, leaf.LeafVersion]);
        foreach (var (key, origin) in input.TaprootDerivations)
            map.Write(PsbtTypes.Input.TapBip32Derivation, key.Span, Serialize(origin));
        if (input.TaprootInternalKey is { } internalKey)
            map.Write(PsbtTypes.Input.TapInternalKey, internalKey.Span);
        if (input.TaprootMerkleRoot is { } root)
            map.Write(PsbtTypes.Input.TapMerkleRoot, root.Span);
    }

    private static void WriteOutput(ByteWriter writer, PsbtOutput output)
    {
        var map = new MapWriter(writer, output.Unknown.AsSpan());
        if (output.RedeemScript is { } redeemScript)
            map.Write(PsbtTypes.Output.RedeemScript, redeemScript.Span);
        if (output.WitnessScript is { } witnessScript)
            map.Write(PsbtTypes.Output.WitnessScript, witnessScript.Span);
        foreach (var (key, origin) in output.Bip32Derivations)
            map.Write(PsbtTypes.Output.Bip32Derivation, key.Span, Serialize(origin));
        if (output.TaprootInternalKey is { } internalKey)
            map.Write(PsbtTypes.Output.TapInternalKey, internalKey.Span);
        if (!output.TaprootTree.IsEmpty)
        {
            var tree = new ByteWriter(256);
            foreach (var leaf in output.TaprootTree)
            {
                tree.WriteByte(leaf.Depth);
                tree.WriteByte(leaf.LeafVersion);
                tree.WriteCompactSizeBytes(leaf.Script.Span);
            }

            map.Write(PsbtTypes.Output.TapTree, tree.WrittenSpan);
        }

        foreach (var (key, origin) in output.TaprootDerivations)
            map.Write(PsbtTypes.Output.TapBip32Derivation, key.Span, Serialize(origin));
        map.Finish();
    }

    private static ulong TypeOf(PsbtPreimageKind kind) => kind switch
    {
        PsbtPreimageKind.Ripemd160 => PsbtTypes.Input.Ripemd160,
        PsbtPreimageKind.Sha256 => PsbtTypes.Input.Sha256,
        PsbtPreimageKind.Hash160 => PsbtTypes.Input.Hash160,
        _ => PsbtTypes.Input.Hash256,
    };

    private static byte[] Serialize(KeyOrigin origin)
    {
        var bytes = new byte[sizeof(uint) * (1 + origin.Path.Count)];
        origin.Fingerprint.WriteTo(bytes);
        for (var i = 0; i < origin.Path.Count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((i + 1) * sizeof(uint)), origin.Path[i].Raw);
        return bytes;
    }

    private static byte[] Serialize(TaprootKeyOrigin origin)
    {
        var writer = new ByteWriter(64);
        writer.WriteCompactSize((ulong)origin.LeafHashes.Length);
        foreach (var leaf in origin.LeafHashes)
            writer.WriteBytes32(leaf);
        writer.WriteBytes(Serialize(origin.Origin));
        return writer.ToArray();
    }

    /// <summary>Writes pairs by ascending type and weaves in the ones that were only passed through.</summary>
    private ref struct MapWriter(ByteWriter writer, ReadOnlySpan<PsbtEntry> unknown)
    {
        private readonly ByteWriter _writer = writer;
        private ReadOnlySpan<PsbtEntry> _unknown = unknown;

        internal void Write(ulong type, scoped ReadOnlySpan<byte> value) => Write(type, [], value);

        internal void Write(ulong type, scoped ReadOnlySpan<byte> keyData, scoped ReadOnlySpan<byte> value)
        {
            while (!_unknown.IsEmpty && TypeOfNextUnknown() < type)
                WriteUnknown();

            // Every type written here takes one byte.
            _writer.WriteCompactSize((ulong)keyData.Length + 1);
            _writer.WriteByte((byte)type);
            _writer.WriteBytes(keyData);
            _writer.WriteCompactSizeBytes(value);
        }

        internal void Finish()
        {
            while (!_unknown.IsEmpty)
                WriteUnknown();
            _writer.WriteByte(0);
        }

        private readonly ulong TypeOfNextUnknown()
        {
            var reader = new SpanReader(_unknown[0].Key.Span);
            return reader.TryReadCompactSize(out var type) ? type : 0;
        }

        private void WriteUnknown()
        {
            _writer.WriteCompactSizeBytes(_unknown[0].Key.Span);
            _writer.WriteCompactSizeBytes(_unknown[0].Value.Span);
            _unknown = _unknown[1..];
        }
    }

    private sealed class HashOrder : IComparer<byte[]>
    {
        internal static HashOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
