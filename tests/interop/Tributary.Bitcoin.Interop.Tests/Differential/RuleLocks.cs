using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Vectors;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Spends that break one rule of script each, so that every script error is met for certain.</summary>
internal static class RuleLocks
{
    private static readonly TestKey s_key = new(1);
    private static readonly TestKey s_other = new(2);

    public static IEnumerable<OutputLock> Create(Chance chance) =>
        Scripts().Concat(Signatures()).Concat(Witnesses()).Concat(Taproot(chance)).Select(static rule => rule with { IsAlone = true });

    private static IEnumerable<OutputLock> Scripts()
    {
        (string Script, byte[][] Arguments)[] everywhere =
        [
            ("0", []), ("RETURN", []), ("0 VERIFY 1", []), ("1 2 EQUALVERIFY 1", []), ("1 2 NUMEQUALVERIFY 1", []), ("0xfe", []), ("VER", []),
            ("0 IF VERIF ENDIF 1", []), ("CAT", []), ("ADD", []), ("FROMALTSTACK", []), ("1 IF", [[1]]), ("ELSE", []), ("ENDIF", []), ("IF", []),
            ("-1 CHECKLOCKTIMEVERIFY", []), ("400 CHECKLOCKTIMEVERIFY", []), ("-1 CHECKSEQUENCEVERIFY", []), ("0xffff00 CHECKSEQUENCEVERIFY", []),
            ("60000 CHECKSEQUENCEVERIFY", []), ("1ADD", [[1, 2, 3, 4, 5]]), ("1ADD", [[1, 0, 0]]), ("CHECKLOCKTIMEVERIFY", [[1, 2, 3, 4, 5, 6]]),
            ("0x01 0x05 DROP 1", []), ("0x4c 0x01 0x41 DROP 1", []), ("NOP10 1", []), ("1 1", []), ("DEPTH", [[], []]), ("CHECKSIGADD 1", []),
            ("0 0 1 CHECKMULTISIG", []), ("0 0 21 CHECKMULTISIG", []), ("0 2 0 1 CHECKMULTISIG", []), ("0 -1 0 CHECKMULTISIG", []),
            ("0 -1 CHECKMULTISIG", []), ("1 0 0 CHECKMULTISIG", []), ("0x05 0x01", []), ("1 PICK", [[1]]), ("1 ROLL", [[1]]), ("-1 PICK 1", [[1]]),
            ("IF 1 ELSE 0 ENDIF", [[2]]), ("NOTIF 1 ELSE 0 ENDIF", [[1, 0]]), ("TOALTSTACK", []), ("2SWAP", [[1], [2], [3]]), ("2ROT", [[1]]), ("WITHIN", [[1], [2]]),
            ("SIZE 3 EQUAL NIP", [[1, 2, 3]]), ("0x02 0x0000", []), ("0x01 0x80", []), ("1 2 3 2ROT", []), ("IFDUP DEPTH 2 EQUALVERIFY DROP", [[7]]),
        ];
        foreach (var context in Enum.GetValues<ScriptContext>())
        {
            foreach (var (script, arguments) in everywhere)
                yield return context.Lock(script, Parse(script), _ => arguments);
            yield return context.Lock("202 operations", Parse(string.Join(' ', Enumerable.Repeat("NOP", 202)) + " 1"), static _ => []);
            yield return context.Lock("201 operations", Parse(string.Join(' ', Enumerable.Repeat("NOP", 201)) + " 1"), static _ => []);
            if (context != ScriptContext.P2sh)
                yield return context.Lock("1001 elements", Parse(string.Join(' ', Enumerable.Repeat("1", 1001))), static _ => []);
            if (context is not (ScriptContext.P2sh or ScriptContext.Bare))
                yield return context.Lock("521 bytes", Parse("DROP 1"), static _ => [new byte[521]]);
        }

        yield return ScriptContext.Bare.Lock("a push of 521 bytes", new ScriptBuilder().Push(new byte[521]).Add(Opcode.Drop).PushNumber(1).Build(), static _ => []);
        foreach (var context in new[] { ScriptContext.P2wsh, ScriptContext.Tapscript })
        {
            var filler = string.Join(' ', Enumerable.Repeat("0x4d 0x0802 0x" + new string('0', 1040) + " DROP", 20));
            yield return context.Lock("10,001 bytes and more", Parse(filler + " 1"), static _ => []);
        }

        // A scriptSig that does more than push.
        var redeem = Parse("1");
        yield return new OutputLock("P2sh: scriptSig with NOP", StandardScripts.P2shOf(redeem), unlock => unlock.Input.ScriptSig = [(byte)Opcode.Nop, 1, 0x51]);
        yield return new OutputLock("Bare: scriptSig with NOP", Parse("1"), static unlock => unlock.Input.ScriptSig = [(byte)Opcode.Nop]);
        yield return new OutputLock("P2pkh: scriptSig with RESERVED", StandardScripts.P2pkh(new byte[20]), static unlock => unlock.Input.ScriptSig = [(byte)Opcode.Reserved]);
    }

    private static IEnumerable<OutputLock> Signatures()
    {
        var key = new ScriptBuilder().Push(s_key.Compressed).Add(Opcode.CheckSig).Build();
        var verify = new ScriptBuilder().Push(s_key.Compressed).Add(Opcode.CheckSigVerify).PushNumber(1).Build();
        var not = new ScriptBuilder().Push(s_key.Compressed).Add(Opcode.CheckSig).Add(Opcode.Not).Build();
        var multi = StandardScripts.Multisig(1, s_key.Compressed, s_other.Compressed);
        var multiVerify = new ScriptBuilder().AddRaw(multi.Span[..^1]).Add(Opcode.CheckMultiSigVerify).PushNumber(1).Build();
        var multiNot = new ScriptBuilder().AddRaw(multi.Span).Add(Opcode.Not).Build();
        foreach (var context in new[] { ScriptContext.Bare, ScriptContext.P2sh, ScriptContext.P2wsh, ScriptContext.P2shP2wsh })
        {
            var witness = context.IsWitness();
            yield return context.Lock("wrong signature", key, unlock => [unlock.Sign(witness, s_other, key)]);
            yield return context.Lock("wrong signature, NOT", not, unlock => [unlock.Sign(witness, s_other, not)]);
            yield return context.Lock("no signature, NOT", not, static _ => [[]]);
            yield return context.Lock("no signature, VERIFY", verify, static _ => [[]]);
            yield return context.Lock("no multisignature, VERIFY", multiVerify, static _ => [[], []]);
            yield return context.Lock("no multisignature, NOT", multiNot, static _ => [[], []]);
            yield return context.Lock("wrong multisignature, NOT", multiNot, unlock => [[], unlock.Sign(witness, new TestKey(3), multiNot)]);
            yield return context.Lock("dummy", multi, unlock => [[1], unlock.Sign(witness, s_other, multi)]);
            yield return context.Lock("high S", key, unlock => [unlock.Sign(witness, s_key, key, highS: true)]);
            yield return context.Lock("hash type 4", key, unlock => [unlock.Sign(witness, s_key, key, hashType: 4)]);
            yield return context.Lock("hash type 0x45", multi, unlock => [[], unlock.Sign(witness, s_other, multi, hashType: 0x45)]);
            yield return context.Lock("padded DER", key, unlock => [Pad(unlock.Sign(witness, s_key, key))]);
            yield return context.Lock("no DER", key, static _ => [[1]]);
            foreach (var (name, bytes) in new[] { ("uncompressed", s_key.Uncompressed), ("hybrid", s_key.Hybrid), ("shapeless", new byte[] { 5, 1 }), ("none", []) })
            {
                var odd = new ScriptBuilder().Push(bytes).Add(Opcode.CheckSig).Build();
                yield return context.Lock($"{name} key", odd, unlock => [unlock.Sign(witness, s_key, odd)]);
                var oddNot = new ScriptBuilder().Push(bytes).Add(Opcode.CheckSig).Add(Opcode.Not).Build();
                yield return context.Lock($"{name} key, no signature, NOT", oddNot, static _ => [[]]);
            }

            var separator = new ScriptBuilder().PushNumber(0).Add(Opcode.If).Add(Opcode.CodeSeparator).Add(Opcode.EndIf).AddRaw(key.Span).Build();
            yield return context.Lock("unreached code separator", separator, unlock => [unlock.Sign(witness, s_key, separator)]);
        }

        // The signature stands in the script that checks it; SINGLE without an output makes its hash known beforehand.
        var self = s_key.SignEcdsa(One(), 3);
        var finding = new ScriptBuilder().Push(self).Add(Opcode.Drop).Push(s_key.Compressed).Add(Opcode.CheckSig).Build();
        foreach (var context in new[] { ScriptContext.Bare, ScriptContext.P2sh, ScriptContext.P2wsh })
            yield return context.Lock("signature in its script", finding, _ => [self]) with { IsBeyondOutputs = true };
        var finding0 = Parse($"0 DROP 0x21 0x{Convert.ToHexString(s_key.Compressed)} CHECKSIG NOT");
        yield return ScriptContext.P2sh.Lock("empty signature in its script", finding0, static _ => [[]]);
    }

    private static IEnumerable<OutputLock> Witnesses()
    {
        var hash = s_key.Hash160(s_key.Compressed);
        var keyHash = StandardScripts.P2wpkh(hash);
        var code = StandardScripts.P2pkh(hash);
        var script = Parse("1");
        yield return new OutputLock("p2wpkh: no witness", keyHash, static _ => { });
        yield return new OutputLock("p2wpkh: one item", keyHash, static unlock => unlock.Input.Witness = [[1]]);
        yield return new OutputLock("p2wpkh: three items", keyHash, unlock => unlock.Input.Witness = [[], unlock.SignV0(s_key, code), s_key.Compressed]);
        yield return new OutputLock("p2wpkh: other key", keyHash, unlock => unlock.Input.Witness = [unlock.SignV0(s_other, code), s_other.Compressed]);
        yield return new OutputLock("p2wpkh: no signature", keyHash, static unlock => unlock.Input.Witness = [[], s_key.Compressed]);
        yield return new OutputLock("p2wpkh: scriptSig", keyHash, unlock =>
        {
            unlock.Input.Witness = [unlock.SignV0(s_key, code), s_key.Compressed];
            unlock.Input.ScriptSig = [0x51];
        });
        yield return new OutputLock("p2wpkh: high S", keyHash, unlock => unlock.Input.Witness = [unlock.SignV0(s_key, code, highS: true), s_key.Compressed]);
        yield return new OutputLock("p2wpkh: hash type 0", keyHash, unlock => unlock.Input.Witness = [unlock.SignV0(s_key, code, hashType: 0), s_key.Compressed]);
        yield return new OutputLock("p2wpkh: wrong signature", keyHash, unlock => unlock.Input.Witness = [unlock.SignV0(s_other, code), s_key.Compressed]);
        var long65 = s_key.Hash160(s_key.Uncompressed);
        yield return new OutputLock("p2wpkh: uncompressed", StandardScripts.P2wpkh(long65), unlock =>
            unlock.Input.Witness = [unlock.SignV0(s_key, StandardScripts.P2pkh(long65)), s_key.Uncompressed]);

        yield return new OutputLock("p2wsh: no witness", StandardScripts.P2wshOf(script), static _ => { });
        yield return new OutputLock("p2wsh: other script", StandardScripts.P2wshOf(script), static unlock => unlock.Input.Witness = [[0x52]]);
        yield return new OutputLock("p2sh-p2wsh: extra push", StandardScripts.P2shOf(StandardScripts.P2wshOf(script)), unlock =>
        {
            unlock.Input.ScriptSig = [0x51, .. StandardLocks.Pushes(StandardScripts.P2wshOf(script).ToArray())];
            unlock.Input.Witness = [script.ToArray()];
        });
        yield return new OutputLock("p2pkh: witness", code, unlock =>
        {
            unlock.Input.ScriptSig = StandardLocks.Pushes(unlock.SignLegacy(s_key, code), s_key.Compressed);
            unlock.Input.Witness = [[1]];
        });
        yield return new OutputLock("p2a: witness", StandardScripts.P2a, static unlock => unlock.Input.Witness = [[1]]);
        yield return new OutputLock("p2a: scriptSig", StandardScripts.P2a, static unlock => unlock.Input.ScriptSig = [0x51]);

        foreach (var (version, length) in new[] { (0, 5), (0, 33), (0, 40), (1, 2), (1, 31), (1, 33), (2, 2), (2, 32), (15, 40), (16, 20) })
        {
            var program = StandardScripts.WitnessProgram(version, Enumerable.Repeat((byte)7, length).ToArray());
            yield return new OutputLock($"witness v{version} of {length} bytes", program, static _ => { });
            yield return new OutputLock($"witness v{version} of {length} bytes, with a witness", program, static unlock => unlock.Input.Witness = [[1], []]);
            yield return new OutputLock($"p2sh-witness v{version} of {length} bytes", StandardScripts.P2shOf(program), unlock =>
                unlock.Input.ScriptSig = StandardLocks.Pushes(program.ToArray()));
        }

        yield return new OutputLock("p2sh-p2tr", StandardScripts.P2shOf(StandardScripts.P2tr(s_key.XOnly)), static unlock =>
            unlock.Input.ScriptSig = StandardLocks.Pushes(StandardScripts.P2tr(s_key.XOnly).ToArray()));
        yield return new OutputLock("p2sh-p2a", StandardScripts.P2shOf(StandardScripts.P2a), static unlock =>
            unlock.Input.ScriptSig = StandardLocks.Pushes(StandardScripts.P2a.ToArray()));
    }

    private static IEnumerable<OutputLock> Taproot(Chance chance)
    {
        var output = StandardScripts.P2tr(s_key.XOnly);
        OutputLock KeyPath(string name, Func<UnlockContext, byte[][]> witness) =>
            new($"p2tr: {name}", output, unlock => unlock.Input.Witness = [.. witness(unlock)]);

        yield return KeyPath("no witness", static _ => []);
        yield return KeyPath("other key", static unlock => [unlock.SignTaproot(s_other)]);
        yield return KeyPath("no signature", static _ => [[]]);
        yield return KeyPath("63 bytes", static _ => [new byte[63]]);
        yield return KeyPath("hash type 0 written out", static unlock => [[.. unlock.SignTaproot(s_key).AsSpan(0, 64), 0]]);
        yield return KeyPath("hash type 4", static unlock => [[.. unlock.SignTaproot(s_key).AsSpan(0, 64), 4]]);
        yield return KeyPath("annex", static unlock => [unlock.SignTaproot(s_key, annex: [0x50, 1, 2]), [0x50, 1, 2]]);
        yield return KeyPath("annex not signed", static unlock => [unlock.SignTaproot(s_key), [0x50]]);
        yield return KeyPath("scriptSig", static unlock =>
        {
            unlock.Input.ScriptSig = [0];
            return [unlock.SignTaproot(s_key)];
        });

        foreach (var length in new[] { 0, 1, 32, 34, 64, 33 + (32 * 128), 33 + (32 * 129) })
            yield return KeyPath($"control block of {length} bytes", _ => [[0x51], Control(length)]);
        var offCurve = StandardScripts.P2tr(Enumerable.Repeat((byte)0xff, 32).ToArray());
        yield return new OutputLock("p2tr: no point", offCurve, static unlock => unlock.Input.Witness = [unlock.SignTaproot(s_key)]);

        OutputLock Leaf(string name, Script script, Func<UnlockContext, TapLeaf, byte[][]> arguments, byte version = 0xc0, int depth = 0)
        {
            var leaf = new TapLeaf(s_other, script, chance, version, depth);
            return new OutputLock($"tapscript: {name}", leaf.Output, unlock => unlock.Input.Witness = [.. arguments(unlock, leaf), script.ToArray(), leaf.ControlBlock]);
        }

        var key = new ScriptBuilder().Push(s_key.XOnly).Add(Opcode.CheckSig).Build();
        yield return Leaf("signature", key, static (unlock, leaf) => [unlock.SignTaproot(s_key, leaf: leaf.Hash)]);
        yield return Leaf("wrong signature", key, static (unlock, leaf) => [unlock.SignTaproot(s_other, leaf: leaf.Hash)]);
        yield return Leaf("signature of 10 bytes", key, static (_, _) => [new byte[10]]);
        yield return Leaf("empty signature", key, static (_, _) => [[]]);
        yield return Leaf("empty key", new ScriptBuilder().PushNumber(0).Add(Opcode.CheckSig).Build(), static (unlock, leaf) => [unlock.SignTaproot(s_key, leaf: leaf.Hash)]);
        yield return Leaf("unknown key", new ScriptBuilder().Push(s_key.Compressed).Add(Opcode.CheckSig).Build(), static (_, _) => [[1]]);
        yield return Leaf("leaf version c2", key, static (_, _) => [], version: 0xc2);
        yield return Leaf("leaf version 66", Parse("RETURN"), static (_, _) => [[1]], version: 0x66, depth: 3);
        yield return Leaf("OP_SUCCESS", Parse("0 IF 0x50 ENDIF RETURN"), static (_, _) => []);
        yield return Leaf("OP_SUCCESS after a push cut short", Parse("CAT 0x05 0x01"), static (_, _) => []);
        yield return Leaf("depth 128", key, static (unlock, leaf) => [unlock.SignTaproot(s_key, leaf: leaf.Hash)], depth: 128);
        yield return Leaf("argument of 81 bytes", Parse("DROP 1"), static (_, _) => [new byte[81]]);
        yield return Leaf("multisig", Parse("0 0 0 CHECKMULTISIG"), static (_, _) => []);
        yield return Leaf("1001 arguments", Parse("1"), static (_, _) => [.. Enumerable.Repeat(Array.Empty<byte>(), 1001)]);
        yield return Leaf("257 bytes pushed", new ScriptBuilder().Push(new byte[257]).Add(Opcode.Drop).PushNumber(1).Build(), static (_, _) => []);

        // Each check takes 50 from what the witness's size gives; the script is short, so three are too many.
        var dear = new ScriptBuilder().Add(Opcode.Dup2).Add(Opcode.CheckSigVerify).Add(Opcode.Dup2).Add(Opcode.CheckSigVerify).Add(Opcode.Dup2)
            .Add(Opcode.CheckSigVerify).Add(Opcode.Dup2).Add(Opcode.CheckSigVerify).Add(Opcode.CheckSig).Build();
        yield return Leaf("validation weight", dear, static (unlock, leaf) => [unlock.SignTaproot(s_key, leaf: leaf.Hash), s_key.XOnly]);
    }

    private static Script Parse(string text) => ScriptNotation.TryParse(text, out var script, out var problem) ? script : throw new ArgumentException(problem, nameof(text));

    private static byte[] Control(int length)
    {
        var bytes = new byte[length];
        if (length > 0)
            bytes[0] = 0xc0;
        return bytes;
    }

    // A zero before r that r does not need.
    private static byte[] Pad(byte[] signature) =>
        [signature[0], (byte)(signature[1] + 1), signature[2], (byte)(signature[3] + 1), 0, .. signature.AsSpan(4)];

    private static Primitives.Bytes.Bytes32 One()
    {
        var bytes = new byte[32];
        bytes[0] = 1;
        return new Primitives.Bytes.Bytes32(bytes);
    }
}
