using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Tests.Chain.Mirror;

/// <summary>A way to lock an output, and to unlock it again: every standard kind, with one key for all.</summary>
public abstract class Lock
{
    private static readonly SecretKey s_key = SecretKey.TryCreate(Enumerable.Repeat((byte)7, 32).ToArray(), out var key) ? key : throw new InvalidOperationException();
    private static readonly byte[] s_publicKey = s_key.PublicKey.ToBytes();

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<Lock> All { get; } =
    [
        new Anyone(),
        new AnyoneLegacy(),
        new PayToAnchor(),
        new Delayed(),
        new Legacy(StandardScripts.P2pk(s_publicKey), static signature => new ScriptBuilder().Push(signature).Build()),
        new Legacy(StandardScripts.P2pkh(Hash160(s_publicKey)), static signature => new ScriptBuilder().Push(signature).Push(s_publicKey).Build()),
        new Legacy(StandardScripts.Multisig(1, s_publicKey, s_publicKey), static signature => new ScriptBuilder().Add(Opcode.Op0).Push(signature).Build()),
        new KeyHash(isNested: false),
        new KeyHash(isNested: true),
        new WitnessMultisig(),
        new TaprootKey(),
        new TaprootScript(),
    ];

    public abstract Script Script { get; }

    /// <summary>The sequence that an input needs.</summary>
    public virtual uint Sequence => TxIn.Replaceable;

    /// <summary>The input of a transaction, unlocked.</summary>
    public abstract TxIn Unlock(Transaction unsigned, int input, TxOut[] spent);

    private static byte[] Hash160(ReadOnlySpan<byte> bytes)
    {
        var hash = new byte[20];
        Hashes.Hash160(bytes, hash);
        return hash;
    }

    private static byte[] Sign(Bytes32 hash)
    {
        Span<byte> compact = stackalloc byte[Ecdsa.CompactLength];
        Span<byte> der = stackalloc byte[Ecdsa.DerLengthMax];
        Ecdsa.SignLowR(s_key, hash.Span, compact);
        return [.. der[..Ecdsa.CompactToDer(compact, der)], SighashType.All];
    }

    private sealed class Anyone : Lock
    {
        private static readonly byte[] s_script = [(byte)Opcode.Op1];

        public override Script Script { get; } = StandardScripts.P2wshOf(new Script(s_script));

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent) => unsigned.Input(input) with { Witness = Witness.Of(s_script) };
    }

    private sealed class AnyoneLegacy : Lock
    {
        private static readonly byte[] s_redeem = [(byte)Opcode.Op1, (byte)Opcode.Op1, (byte)Opcode.Equal];

        public override Script Script { get; } = StandardScripts.P2shOf(new Script(s_redeem));

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent) =>
            unsigned.Input(input) with { ScriptSig = new ScriptBuilder().Push(s_redeem).Build() };
    }

    private sealed class PayToAnchor : Lock
    {
        public override Script Script => StandardScripts.P2a;

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent) => unsigned.Input(input);
    }

    /// <summary>One block after its own, by OP_CHECKSEQUENCEVERIFY.</summary>
    private sealed class Delayed : Lock
    {
        private static readonly Script s_script = new ScriptBuilder().PushNumber(1).Add(Opcode.CheckSequenceVerify).Build();

        public override Script Script { get; } = StandardScripts.P2wshOf(s_script);

        public override uint Sequence => 1;

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent) => unsigned.Input(input) with { Witness = Witness.Of(s_script.ToArray()) };
    }

    private sealed class Legacy(Script script, Func<byte[], Script> unlock) : Lock
    {
        public override Script Script => script;

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent) =>
            unsigned.Input(input) with { ScriptSig = unlock(Sign(SignatureHash.Legacy(unsigned, input, script.Span, SighashType.All))) };
    }

    private sealed class KeyHash(bool isNested) : Lock
    {
        private static readonly Script s_program = StandardScripts.P2wpkh(Hash160(s_publicKey));
        private static readonly Script s_code = StandardScripts.P2pkh(Hash160(s_publicKey));

        public override Script Script { get; } = isNested ? StandardScripts.P2shOf(s_program) : s_program;

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent)
        {
            var signature = Sign(SignatureHash.SegwitV0(unsigned, input, s_code.Span, spent[input].Value, SighashType.All));
            var scriptSig = isNested ? new ScriptBuilder().Push(s_program.Span).Build() : Script.Empty;
            return unsigned.Input(input) with { ScriptSig = scriptSig, Witness = Witness.Of(signature, s_publicKey) };
        }
    }

    private sealed class WitnessMultisig : Lock
    {
        private static readonly Script s_script = StandardScripts.Multisig(2, s_publicKey, s_publicKey, s_publicKey);

        public override Script Script { get; } = StandardScripts.P2wshOf(s_script);

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent)
        {
            var signature = Sign(SignatureHash.SegwitV0(unsigned, input, s_script.Span, spent[input].Value, SighashType.All));
            return unsigned.Input(input) with { Witness = Witness.Of([], signature, signature, s_script.ToArray()) };
        }
    }

    private sealed class TaprootKey : Lock
    {
        private static readonly Bytes32 s_internal = s_key.PublicKey.ToXOnly().ToBytes32();

        public override Script Script { get; } = TaprootOutput.Create(s_internal).Value.ScriptPubKey;

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent)
        {
            Assert.True(s_key.TweakAddXOnly(TaprootOutput.Tweak(s_internal, null).Span, out var tweaked));
            var signature = new byte[Schnorr.SignatureLength];
            Schnorr.Sign(tweaked!, SignatureHash.Taproot(unsigned, input, spent, SighashType.Default).Span, new byte[32], signature);
            return unsigned.Input(input) with { Witness = Witness.Of(signature) };
        }
    }

    private sealed class TaprootScript : Lock
    {
        private static readonly TaprootLeafScript s_leaf = new(0, new Script(new[] { (byte)Opcode.Op1 }));
        private static readonly TaprootOutput s_output = TaprootOutput.Create(s_key.PublicKey.ToXOnly().ToBytes32(), TaprootTree.Create(s_leaf)).Value;

        public override Script Script => s_output.ScriptPubKey;

        public override TxIn Unlock(Transaction unsigned, int input, TxOut[] spent) =>
            unsigned.Input(input) with { Witness = Witness.Of(s_leaf.Script.ToArray(), s_output.ControlBlock(0)) };
    }
}
