using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>The scripts of BOLT 3. All but P2WPKH are witness scripts: outputs pay their hash.</summary>
public static class CommitmentScripts
{
    /// <summary>Blocks after which anyone may take an anchor.</summary>
    public const int AnchorDelay = 16;

    /// <summary>Two of two, keys in the order of their bytes.</summary>
    public static Script Funding(in PublicKey first, in PublicKey second) => first < second
        ? StandardScripts.Multisig(2, first.ToBytes(), second.ToBytes())
        : StandardScripts.Multisig(2, second.ToBytes(), first.ToBytes());

    /// <summary>The broadcaster's own output, and that of an HTLC transaction: delayed, or at once with the revocation key.</summary>
    public static Script RevocableDelayed(in PublicKey revocationKey, ushort toSelfDelay, in PublicKey delayedKey) => new ScriptBuilder()
        .Add(Opcode.If)
        .Push(revocationKey.ToBytes())
        .Add(Opcode.Else)
        .PushNumber(toSelfDelay)
        .Add(Opcode.CheckSequenceVerify)
        .Add(Opcode.Drop)
        .Push(delayedKey.ToBytes())
        .Add(Opcode.EndIf)
        .Add(Opcode.CheckSig)
        .Build();

    /// <summary>The countersigner's output in a channel with anchors: its key, one block later.</summary>
    public static Script ToRemoteWithAnchors(in PublicKey paymentKey) => new ScriptBuilder()
        .Push(paymentKey.ToBytes())
        .Add(Opcode.CheckSigVerify)
        .Add(Opcode.Op1)
        .Add(Opcode.CheckSequenceVerify)
        .Build();

    /// <summary>The output script (no witness script) of the countersigner's output without anchors.</summary>
    public static Script ToRemoteWithoutAnchors(in PublicKey paymentKey)
    {
        Span<byte> hash = stackalloc byte[20];
        Hashes.Hash160(paymentKey.ToBytes(), hash);
        return StandardScripts.P2wpkh(hash);
    }

    /// <summary>330 satoshis that a side may spend to raise the fee, and anyone after 16 blocks.</summary>
    public static Script Anchor(in PublicKey fundingKey) => new ScriptBuilder()
        .Push(fundingKey.ToBytes())
        .Add(Opcode.CheckSig)
        .Add(Opcode.IfDup)
        .Add(Opcode.NotIf)
        .PushNumber(AnchorDelay)
        .Add(Opcode.CheckSequenceVerify)
        .Add(Opcode.EndIf)
        .Build();

    /// <summary>An HTLC that the broadcaster offers: to the countersigner with the preimage, back through HTLC-timeout, or revoked.</summary>
    public static Script OfferedHtlc(CommitmentKeys keys, Bytes32 paymentHash, bool hasAnchors)
    {
        var script = RevocationBranch(keys);
        script
            .Add(Opcode.NotIf)
            .Add(Opcode.Drop)
            .Add(Opcode.Op2)
            .Add(Opcode.Swap)
            .Push(keys.BroadcasterHtlcKey.ToBytes())
            .Add(Opcode.Op2)
            .Add(Opcode.CheckMultiSig)
            .Add(Opcode.Else)
            .Add(Opcode.Hash160)
            .Push(Ripemd(paymentHash))
            .Add(Opcode.EqualVerify)
            .Add(Opcode.CheckSig)
            .Add(Opcode.EndIf);
        return EndBranch(script, hasAnchors);
    }

    /// <summary>An HTLC that the broadcaster receives: by HTLC-success with the preimage, back to the countersigner after its expiry, or revoked.</summary>
    public static Script ReceivedHtlc(CommitmentKeys keys, Bytes32 paymentHash, uint cltvExpiry, bool hasAnchors)
    {
        var script = RevocationBranch(keys);
        script
            .Add(Opcode.If)
            .Add(Opcode.Hash160)
            .Push(Ripemd(paymentHash))
            .Add(Opcode.EqualVerify)
            .Add(Opcode.Op2)
            .Add(Opcode.Swap)
            .Push(keys.BroadcasterHtlcKey.ToBytes())
            .Add(Opcode.Op2)
            .Add(Opcode.CheckMultiSig)
            .Add(Opcode.Else)
            .Add(Opcode.Drop)
            .PushNumber(cltvExpiry)
            .Add(Opcode.CheckLockTimeVerify)
            .Add(Opcode.Drop)
            .Add(Opcode.CheckSig)
            .Add(Opcode.EndIf);
        return EndBranch(script, hasAnchors);
    }

    // Both kinds start alike: the revocation key by its hash, then the countersigner's key and whether a preimage came.
    private static ScriptBuilder RevocationBranch(CommitmentKeys keys)
    {
        Span<byte> hash = stackalloc byte[20];
        Hashes.Hash160(keys.RevocationKey.ToBytes(), hash);
        return new ScriptBuilder()
            .Add(Opcode.Dup)
            .Add(Opcode.Hash160)
            .Push(hash)
            .Add(Opcode.Equal)
            .Add(Opcode.If)
            .Add(Opcode.CheckSig)
            .Add(Opcode.Else)
            .Push(keys.CountersignerHtlcKey.ToBytes())
            .Add(Opcode.Swap)
            .Add(Opcode.Size)
            .PushNumber(Bytes32.Length)
            .Add(Opcode.Equal);
    }

    private static Script EndBranch(ScriptBuilder script, bool hasAnchors)
    {
        if (hasAnchors)
            script.Add(Opcode.Op1).Add(Opcode.CheckSequenceVerify).Add(Opcode.Drop);
        return script.Add(Opcode.EndIf).Build();
    }

    private static byte[] Ripemd(Bytes32 paymentHash)
    {
        var hash = new byte[20];
        Hashes.Ripemd160(paymentHash.Span, hash);
        return hash;
    }
}
