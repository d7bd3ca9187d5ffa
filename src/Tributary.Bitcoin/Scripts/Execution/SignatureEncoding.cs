using Tributary.Crypto;

namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>The rules on how ECDSA signatures and keys are written, before anything is computed with them.</summary>
internal static class SignatureEncoding
{
    private const byte SequenceTag = 0x30;
    private const byte IntegerTag = 0x02;

    /// <summary>A signature with its hash type. An empty one is the compact way to say "no signature".</summary>
    internal static ScriptError CheckSignature(ReadOnlySpan<byte> signature, ScriptFlags flags)
    {
        if (signature.IsEmpty)
            return ScriptError.Ok;
        if ((flags & (ScriptFlags.DerSig | ScriptFlags.LowS | ScriptFlags.StrictEnc)) != ScriptFlags.None && !IsStrictDer(signature))
            return ScriptError.SigDer;
        if ((flags & ScriptFlags.LowS) != ScriptFlags.None && !Ecdsa.IsLowS(signature[..^1]))
            return ScriptError.SigHighS;
        if ((flags & ScriptFlags.StrictEnc) != ScriptFlags.None && (signature[^1] & ~SighashType.AnyoneCanPay) is < SighashType.All or > SighashType.Single)
            return ScriptError.SigHashType;
        return ScriptError.Ok;
    }

    internal static ScriptError CheckPublicKey(ReadOnlySpan<byte> key, ScriptFlags flags, SignatureVersion version)
    {
        if ((flags & ScriptFlags.StrictEnc) != ScriptFlags.None && !IsCompressed(key) && !(key.Length == 65 && key[0] == 4))
            return ScriptError.PubKeyType;
        if ((flags & ScriptFlags.WitnessPubKeyType) != ScriptFlags.None && version == SignatureVersion.WitnessV0 && !IsCompressed(key))
            return ScriptError.WitnessPubKeyType;
        return ScriptError.Ok;
    }

    /// <summary>
    /// BIP 66: <c>30 length 02 length-r r 02 length-s s</c> and the hash type, 9 to 73 bytes in all, lengths in one byte and exact, r and s
    /// positive and without needless zeros.
    /// </summary>
    internal static bool IsStrictDer(ReadOnlySpan<byte> signature)
    {
        if (signature.Length is < 9 or > 73 || signature[0] != SequenceTag || signature[1] != signature.Length - 3)
            return false;

        var body = signature[2..^1];
        return TryTakeInteger(ref body) && TryTakeInteger(ref body) && body.IsEmpty;
    }

    private static bool TryTakeInteger(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 3 || rest[0] != IntegerTag || rest[1] == 0 || rest[1] > rest.Length - 2)
            return false;

        var integer = rest.Slice(2, rest[1]);
        rest = rest[(2 + integer.Length)..];
        var isNegative = (integer[0] & 0x80) != 0;
        var isPadded = integer.Length > 1 && integer[0] == 0 && (integer[1] & 0x80) == 0;
        return !isNegative && !isPadded;
    }

    private static bool IsCompressed(ReadOnlySpan<byte> key) => key.Length == 33 && key[0] is 2 or 3;
}
