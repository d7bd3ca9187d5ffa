using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Taproot;

/// <summary>The tapscripts that descriptors write: one key, a key's hash, and k of n keys with OP_CHECKSIGADD (BIP 386, BIP 387).</summary>
internal static class TapscriptTemplates
{
    /// <summary>The most keys of <c>multi_a</c>.</summary>
    internal const int KeysMax = 999;

    internal static Script Key(Bytes32 key) => new ScriptBuilder().Push(key.Span).Add(Opcode.CheckSig).Build();

    internal static Script KeyHash(Bytes32 key) =>
        new ScriptBuilder().Add(Opcode.Dup).Add(Opcode.Hash160).Push(HashOf(key)).Add(Opcode.EqualVerify).Add(Opcode.CheckSig).Build();

    internal static Script Multi(int required, IReadOnlyList<Bytes32> keys)
    {
        var builder = new ScriptBuilder();
        for (var i = 0; i < keys.Count; i++)
            builder.Push(keys[i].Span).Add(i == 0 ? Opcode.CheckSig : Opcode.CheckSigAdd);
        return builder.PushNumber(required).Add(Opcode.NumEqual).Build();
    }

    /// <summary>RIPEMD-160 of SHA-256 of the 32 bytes.</summary>
    internal static byte[] HashOf(Bytes32 key)
    {
        var hash = new byte[20];
        Hashes.Hash160(key.Span, hash);
        return hash;
    }

    /// <summary>The hash in a script of one key's hash.</summary>
    internal static bool TryReadKeyHash(Script script, out ReadOnlySpan<byte> hash)
    {
        var solution = StandardScripts.Classify(script);
        hash = solution.Type == ScriptType.PubKeyHash ? solution.First.Span : default;
        return solution.Type == ScriptType.PubKeyHash;
    }

    /// <summary>The keys in a script of one key or of k of n.</summary>
    internal static bool TryReadKeys(Script script, out int required, [NotNullWhen(true)] out IReadOnlyList<Bytes32>? keys)
    {
        var found = new List<Bytes32>();
        (required, keys) = (0, null);
        var reader = new ScriptReader(script.Span);
        while (reader.TryReadNext(out _, out var push))
        {
            if (push.Length != Bytes32.Length)
            {
                if (!TryReadThreshold(script.Span[(found.Count * 34)..], found.Count, out required))
                    return false;
                break;
            }

            found.Add(new Bytes32(push));
            if (!reader.TryReadNext(out var check, out _) || check != (found.Count == 1 ? Opcode.CheckSig : Opcode.CheckSigAdd))
                return false;
        }

        // One key without a threshold is a script of its own.
        required = required == 0 && found.Count == 1 ? 1 : required;
        var rebuilt = required == 0 ? default : Multi(required, found);
        keys = found;
        return required > 0 && (script == rebuilt || (found.Count == 1 && script == Key(found[0])));
    }

    private static bool TryReadThreshold(ReadOnlySpan<byte> rest, int keys, out int required)
    {
        required = 0;
        var reader = new ScriptReader(rest);
        if (!reader.TryReadNext(out var opcode, out var push))
            return false;
        if (opcode.IsSmallInteger())
            required = opcode.ToSmallInteger();
        else if (ScriptNumber.TryRead(push, requireMinimal: true, ScriptNumber.OperandLengthMax, out var number) && number <= KeysMax)
            required = (int)number;
        return required > 0 && required <= keys;
    }
}
