namespace Tributary.Bitcoin.Scripts;

/// <summary>Counts signature operations, which blocks and relayed transactions have a limited number of (BIP 141 "sigop cost").</summary>
internal static class SigOps
{
    /// <summary>What a multisig counts when its number of keys is not looked at, and the most keys it may have.</summary>
    internal const int KeysPerMultisigMax = 20;

    internal static int Count(ReadOnlySpan<byte> script, bool accurate)
    {
        var count = 0;
        var last = Opcode.Invalid;
        var reader = new ScriptReader(script);
        while (reader.TryReadNext(out var opcode, out _))
        {
            if (opcode is Opcode.CheckSig or Opcode.CheckSigVerify)
                count++;
            else if (opcode is Opcode.CheckMultiSig or Opcode.CheckMultiSigVerify)
                count += accurate && last.IsSmallInteger() ? last.ToSmallInteger() : KeysPerMultisigMax;
            last = opcode;
        }

        return count;
    }

    /// <summary>Of the redeem script that a scriptSig pushes (BIP 16); 0 when it does more than push.</summary>
    internal static int CountRedeemScript(ReadOnlyMemory<byte> scriptSig) =>
        ScriptPatterns.TryGetLastPush(scriptSig, out var redeemScript) ? Count(redeemScript.Span, accurate: true) : 0;

    /// <summary>Of a segwit v0 spend (BIP 141), native or nested; taproot has its own budget inside the input.</summary>
    internal static int CountWitness(in Transactions.TxIn input, Script scriptPubKey)
    {
        var program = scriptPubKey.Memory;
        if (scriptPubKey.IsPayToScriptHash && !ScriptPatterns.TryGetLastPush(input.ScriptSig.Memory, out program))
            return 0;
        if (!ScriptPatterns.IsWitnessProgram(program.Span, out var version) || version != 0)
            return 0;

        return program.Length switch
        {
            2 + 20 => 1,
            2 + 32 when input.Witness.Count > 0 => Count(input.Witness[input.Witness.Count - 1].Span, accurate: true),
            _ => 0,
        };
    }
}
