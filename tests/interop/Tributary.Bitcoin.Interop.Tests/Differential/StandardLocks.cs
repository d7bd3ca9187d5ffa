using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>Every kind of input that wallets make, signed rightly.</summary>
internal static class StandardLocks
{
    public static IEnumerable<OutputLock> Create(Chance chance, int keys)
    {
        for (var i = 0; i < keys; i++)
        {
            var key = new TestKey(chance.Below(1000));
            var other = new TestKey(chance.Below(1000));
            foreach (var compressed in new[] { true, false })
            {
                var publicKey = compressed ? key.Compressed : key.Uncompressed;
                yield return PayToKey($"p2pk {publicKey.Length}", key, publicKey);
                yield return PayToKeyHash($"p2pkh {publicKey.Length}", key, publicKey);
            }

            yield return PayToWitnessKeyHash("p2wpkh", key, isNested: false);
            yield return PayToWitnessKeyHash("p2sh-p2wpkh", key, isNested: true);
            foreach (var context in new[] { ScriptContext.Bare, ScriptContext.P2sh, ScriptContext.P2wsh, ScriptContext.P2shP2wsh })
            {
                yield return Multisig(chance, context);
                yield return LockTime(key, context, chance.Between(1, 100));
                yield return RelativeLock(key, context, (uint)chance.Between(0, 12), 2);
                yield return RelativeLock(key, context, (1u << 22) | (uint)chance.Between(0, 6), 2);
                yield return CodeSeparator(key, other, context);
                yield return HashLock(key, chance.Bytes(32), context);
            }

            yield return TaprootKey(key, chance.OneIn(2) ? chance.Bytes(32) : []);
            foreach (var depth in new[] { 0, 1, chance.Between(2, 7) })
            {
                yield return TapscriptKey(key, other, chance, depth);
                yield return TapscriptThreshold(chance, depth);
            }

            yield return new OutputLock("p2a", StandardScripts.P2a, static _ => { });
        }
    }

    public static OutputLock PayToKey(string name, TestKey key, byte[] publicKey)
    {
        var script = StandardScripts.P2pk(publicKey);
        return new OutputLock(name, script, context => context.Input.ScriptSig = Pushes(context.SignLegacy(key, script)));
    }

    public static OutputLock PayToKeyHash(string name, TestKey key, byte[] publicKey)
    {
        var script = StandardScripts.P2pkh(key.Hash160(publicKey));
        return new OutputLock(name, script, context => context.Input.ScriptSig = Pushes(context.SignLegacy(key, script), publicKey));
    }

    public static OutputLock PayToWitnessKeyHash(string name, TestKey key, bool isNested)
    {
        var hash = key.Hash160(key.Compressed);
        var program = StandardScripts.P2wpkh(hash);
        return new OutputLock(name, isNested ? StandardScripts.P2shOf(program) : program, context =>
        {
            context.Input.Witness = [context.SignV0(key, StandardScripts.P2pkh(hash)), key.Compressed];
            if (isNested)
                context.Input.ScriptSig = Pushes(program.ToArray());
        });
    }

    public static OutputLock TaprootKey(TestKey key, byte[] merkleRoot)
    {
        var tweaked = key.TweakedBy(TaggedHashes.TapTweak.HashPair(key.XOnly, merkleRoot));
        return new OutputLock("p2tr key path", StandardScripts.P2tr(tweaked.XOnly), context => context.Input.Witness = [context.SignTaproot(tweaked)]);
    }

    /// <summary>Data pushed one after the other.</summary>
    public static byte[] Pushes(params byte[][] items)
    {
        var builder = new ScriptBuilder();
        foreach (var item in items)
            builder.Push(item);
        return builder.Build().ToArray();
    }

    private static OutputLock Multisig(Chance chance, ScriptContext context)
    {
        // Three keys are standard when bare, fifteen fit a redeem script.
        var count = chance.Between(1, context == ScriptContext.Bare ? 4 : 6);
        var required = chance.Between(1, count);
        var keys = Enumerable.Range(0, count).Select(_ => new TestKey(chance.Below(1000))).ToArray();
        var script = StandardScripts.Multisig(required, keys.Select(static key => key.Compressed).ToArray());
        return context.Lock($"{required} of {count} multisig", script, unlock =>
            [[], .. keys.Take(required).Select(key => unlock.Sign(context.IsWitness(), key, script))]);
    }

    private static OutputLock LockTime(TestKey key, ScriptContext context, int height)
    {
        var script = new ScriptBuilder().PushNumber(height).Add(Opcode.CheckLockTimeVerify).Add(Opcode.Drop).Push(key.Compressed).Add(Opcode.CheckSig).Build();
        return context.Lock("cltv", script, unlock => [unlock.Sign(context.IsWitness(), key, script)]) with { LockTime = (uint)height };
    }

    private static OutputLock RelativeLock(TestKey key, ScriptContext context, uint sequence, int slack)
    {
        var script = new ScriptBuilder().PushNumber(sequence).Add(Opcode.CheckSequenceVerify).Add(Opcode.Drop).Push(key.Compressed).Add(Opcode.CheckSig).Build();
        return context.Lock("csv", script, unlock => [unlock.Sign(context.IsWitness(), key, script)]) with { Sequence = sequence + (uint)slack };
    }

    private static OutputLock CodeSeparator(TestKey first, TestKey second, ScriptContext context)
    {
        var tail = new ScriptBuilder().Push(second.Compressed).Add(Opcode.CheckSig).Build();
        var script = new ScriptBuilder().Push(first.Compressed).Add(Opcode.CheckSigVerify).Add(Opcode.CodeSeparator).AddRaw(tail.Span).Build();
        return context.Lock("code separator", script, unlock =>
        [
            unlock.Sign(context.IsWitness(), second, tail),
            unlock.Sign(context.IsWitness(), first, script),
        ]);
    }

    private static OutputLock HashLock(TestKey key, byte[] preimage, ScriptContext context)
    {
        var script = new ScriptBuilder().Add(Opcode.If)
            .Add(Opcode.Sha256).Push(Hashes.Sha256(preimage).Span).Add(Opcode.EqualVerify)
            .Add(Opcode.Else).PushNumber(10).Add(Opcode.CheckSequenceVerify).Add(Opcode.Drop).Add(Opcode.EndIf)
            .Push(key.Compressed).Add(Opcode.CheckSig).Build();
        return context.Lock("hash lock", script, unlock => [unlock.Sign(context.IsWitness(), key, script), preimage, [1]]);
    }

    private static OutputLock TapscriptKey(TestKey key, TestKey other, Chance chance, int depth)
    {
        // The separator is the third operation, at position 2.
        var script = new ScriptBuilder().Push(key.XOnly).Add(Opcode.CheckSigVerify).Add(Opcode.CodeSeparator).Push(other.XOnly).Add(Opcode.CheckSig).Build();
        var leaf = new TapLeaf(key, script, chance, depth: depth);
        return new OutputLock($"tapscript code separator, depth {depth}", leaf.Output, context => context.Input.Witness =
        [
            context.SignTaproot(other, leaf: leaf.Hash, codeSeparator: 2),
            context.SignTaproot(key, leaf: leaf.Hash),
            leaf.Script.ToArray(),
            leaf.ControlBlock,
        ]);
    }

    private static OutputLock TapscriptThreshold(Chance chance, int depth)
    {
        var keys = Enumerable.Range(0, chance.Between(2, 4)).Select(_ => new TestKey(chance.Below(1000))).ToArray();
        var required = chance.Between(1, keys.Length);
        var builder = new ScriptBuilder().Push(keys[0].XOnly).Add(Opcode.CheckSig);
        foreach (var key in keys.Skip(1))
            builder.Push(key.XOnly).Add(Opcode.CheckSigAdd);
        var leaf = new TapLeaf(keys[0], builder.PushNumber(required).Add(Opcode.NumEqual).Build(), chance, depth: depth);
        return new OutputLock($"tapscript {required} of {keys.Length}, depth {depth}", leaf.Output, context =>
        {
            // The first key's signature is on top.
            context.Input.Witness = [.. keys.Select((key, i) => i < required ? context.SignTaproot(key, leaf: leaf.Hash) : []).Reverse(), leaf.Script.ToArray(), leaf.ControlBlock];
        });
    }
}
