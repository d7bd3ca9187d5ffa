using Tributary.Crypto;

namespace Tributary.Bitcoin.Scripts;

/// <summary>Builds the standard output scripts and recognises them, in the order and with the limits of Bitcoin Core's solver.</summary>
public static class StandardScripts
{
    private static readonly byte[][] s_smallNumbers = [.. Enumerable.Range(0, SigOps.KeysPerMultisigMax + 1).Select(static number => new[] { (byte)number })];

    /// <summary>Pay to anchor: <c>OP_1 4e73</c>.</summary>
    public static Script P2a { get; } = new(new byte[] { (byte)Opcode.Op1, 2, 0x4e, 0x73 });

    /// <summary>Pay to public key.</summary>
    public static Script P2pk(ReadOnlySpan<byte> publicKey) => new ScriptBuilder().Push(publicKey).Add(Opcode.CheckSig).Build();

    /// <summary>Pay to public key hash: RIPEMD-160 of SHA-256 of the key.</summary>
    public static Script P2pkh(ReadOnlySpan<byte> hash20) =>
        new ScriptBuilder().Add(Opcode.Dup).Add(Opcode.Hash160).Push(Require(hash20, 20)).Add(Opcode.EqualVerify).Add(Opcode.CheckSig).Build();

    /// <summary>Pay to script hash (BIP 16).</summary>
    public static Script P2sh(ReadOnlySpan<byte> hash20) =>
        new ScriptBuilder().Add(Opcode.Hash160).Push(Require(hash20, 20)).Add(Opcode.Equal).Build();

    /// <summary>Pay to the hash of this redeem script.</summary>
    public static Script P2shOf(Script redeemScript)
    {
        Span<byte> hash = stackalloc byte[20];
        Hashes.Hash160(redeemScript.Span, hash);
        return P2sh(hash);
    }

    /// <summary>Pay to witness public key hash (BIP 141).</summary>
    public static Script P2wpkh(ReadOnlySpan<byte> hash20) => WitnessProgram(0, Require(hash20, 20));

    /// <summary>Pay to witness script hash (BIP 141): SHA-256 of the script.</summary>
    public static Script P2wsh(ReadOnlySpan<byte> hash32) => WitnessProgram(0, Require(hash32, 32));

    /// <summary>Pay to the hash of this witness script.</summary>
    public static Script P2wshOf(Script witnessScript) => P2wsh(Hashes.Sha256(witnessScript.Span).Span);

    /// <summary>Pay to taproot (BIP 341): the tweaked output key.</summary>
    public static Script P2tr(ReadOnlySpan<byte> outputX32) => WitnessProgram(1, Require(outputX32, 32));

    /// <summary>A witness program of any version.</summary>
    /// <param name="version">0 … 16.</param>
    /// <param name="program">2 … 40 bytes.</param>
    public static Script WitnessProgram(int version, ReadOnlySpan<byte> program)
    {
        if (program.Length is < 2 or > 40)
            throw new ArgumentException("A witness program has 2 to 40 bytes.", nameof(program));
        return new ScriptBuilder().Add(OpcodeNames.FromSmallInteger(version)).Push(program).Build();
    }

    /// <summary>An output that carries data and can never be spent. Bytes are pushed in the shortest way.</summary>
    public static Script OpReturn(ReadOnlySpan<byte> data) => new ScriptBuilder().Add(Opcode.Return).Push(data).Build();

    /// <summary>A k-of-n multisig: bare, or a redeem or witness script.</summary>
    /// <param name="required">1 … the number of keys.</param>
    /// <param name="publicKeys">1 … 20 keys in the order of their signatures.</param>
    public static Script Multisig(int required, params IReadOnlyList<byte[]> publicKeys)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(required, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(required, publicKeys.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(publicKeys.Count, SigOps.KeysPerMultisigMax, nameof(publicKeys));
        var builder = new ScriptBuilder().PushNumber(required);
        foreach (var key in publicKeys)
            builder.Push(key);
        return builder.PushNumber(publicKeys.Count).Add(Opcode.CheckMultiSig).Build();
    }

    /// <summary>Which standard form a script has, with the keys and hashes in it.</summary>
    public static ScriptSolution Classify(Script script)
    {
        var bytes = script.Memory;
        var span = bytes.Span;
        if (ScriptPatterns.IsPayToScriptHash(span))
            return One(ScriptType.ScriptHash, bytes.Slice(2, 20));
        if (ScriptPatterns.IsWitnessProgram(span, out var version))
            return ClassifyWitness(version, bytes);
        if (!span.IsEmpty && span[0] == (byte)Opcode.Return && ScriptPatterns.IsPushOnly(span[1..]))
            return new ScriptSolution(ScriptType.NullData, default);
        if (span.Length is 35 or 67 && span[0] == span.Length - 2 && span[^1] == (byte)Opcode.CheckSig && IsKeyShaped(span[1..^1]))
            return One(ScriptType.PubKey, bytes[1..^1]);
        if (IsPayToPubKeyHash(span))
            return One(ScriptType.PubKeyHash, bytes.Slice(3, 20));
        return TryMatchMultisig(bytes, out var multisig) ? multisig : new ScriptSolution(ScriptType.NonStandard, default);
    }

    /// <summary>A key's length as its first byte says it: what the solver takes for a key.</summary>
    internal static bool IsKeyShaped(ReadOnlySpan<byte> key) =>
        !key.IsEmpty && key.Length == key[0] switch
        {
            2 or 3 => 33,
            4 or 6 or 7 => 65,
            _ => 0,
        };

    private static bool IsPayToPubKeyHash(ReadOnlySpan<byte> span) =>
        span.Length == 25 && span[0] == (byte)Opcode.Dup && span[1] == (byte)Opcode.Hash160 && span[2] == 20
        && span[23] == (byte)Opcode.EqualVerify && span[24] == (byte)Opcode.CheckSig;

    private static ScriptSolution ClassifyWitness(int version, ReadOnlyMemory<byte> script)
    {
        var program = script[2..];
        return (version, program.Length) switch
        {
            (0, 20) => One(ScriptType.WitnessV0KeyHash, program),
            (0, 32) => One(ScriptType.WitnessV0ScriptHash, program),
            (0, _) => new ScriptSolution(ScriptType.NonStandard, default),
            (1, 32) => One(ScriptType.WitnessV1Taproot, program),
            _ when ScriptPatterns.IsPayToAnchor(script.Span) => new ScriptSolution(ScriptType.Anchor, default),
            _ => new ScriptSolution(ScriptType.WitnessUnknown, new ReadOnlyMemory<byte>[] { s_smallNumbers[version], program }),
        };
    }

    private static bool TryMatchMultisig(ReadOnlyMemory<byte> script, out ScriptSolution solution)
    {
        solution = default;
        var span = script.Span;
        if (span.IsEmpty || span[^1] != (byte)Opcode.CheckMultiSig)
            return false;

        var reader = new ScriptReader(span);
        if (!reader.TryReadNext(out var opcode, out var push) || !TryReadCount(opcode, push, 1, out var required))
            return false;

        var keys = new List<ReadOnlyMemory<byte>> { s_smallNumbers[required] };
        while (reader.TryReadNext(out opcode, out push) && IsKeyShaped(push))
            keys.Add(script.Slice(reader.Position - push.Length, push.Length));

        if (!TryReadCount(opcode, push, required, out var count) || keys.Count - 1 != count || reader.Position + 1 != span.Length)
            return false;

        keys.Add(s_smallNumbers[count]);
        solution = new ScriptSolution(ScriptType.Multisig, keys.ToArray());
        return true;
    }

    // A number of keys or signatures: an opcode, or (above 16) a push in the shortest form.
    private static bool TryReadCount(Opcode opcode, ReadOnlySpan<byte> push, int least, out int count)
    {
        if (opcode.IsSmallInteger())
        {
            count = opcode.ToSmallInteger();
            return count >= least;
        }

        count = 0;
        if (opcode > Opcode.PushData4
            || !ScriptPatterns.IsMinimalPush(push, opcode)
            || !ScriptNumber.TryRead(push, requireMinimal: true, ScriptNumber.OperandLengthMax, out var number)
            || number < least
            || number > SigOps.KeysPerMultisigMax)
            return false;

        count = (int)number;
        return true;
    }

    private static ScriptSolution One(ScriptType type, ReadOnlyMemory<byte> solution) => new(type, new[] { solution });

    private static ReadOnlySpan<byte> Require(ReadOnlySpan<byte> hash, int length) =>
        hash.Length == length ? hash : throw new ArgumentException($"The hash takes {length} bytes.", nameof(hash));
}
