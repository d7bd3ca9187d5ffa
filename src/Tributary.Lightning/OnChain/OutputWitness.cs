using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.OnChain;

/// <summary>Signatures and witnesses for outputs that one input of ours takes without further stages.</summary>
internal static class OutputWitness
{
    /// <summary>As long as a signature gets that is made with a low r: to weigh a transaction before it is signed.</summary>
    internal static CompactSignature Longest { get; } = new([.. Enumerable.Repeat((byte)0x7f, CompactSignature.Length)]);

    /// <summary>The witness with a signature.</summary>
    internal static Witness Of(Claimable claim, Close close, ChannelKeys keys, CompactSignature signature)
    {
        var script = claim.Output.WitnessScript;
        return claim.Output.Kind switch
        {
            OutputKind.ToRemote when script.IsEmpty => CommitmentWitness.ToRemoteWithoutAnchors(signature, keys.Basepoints.Payment),
            OutputKind.ToRemote => CommitmentWitness.ToRemoteWithAnchors(signature, script),
            OutputKind.Delayed => CommitmentWitness.Delayed(signature, script),
            OutputKind.ReceivedInPeers => CommitmentWitness.OfferedHtlcByPreimage(signature, claim.Preimage!.Value, script),
            OutputKind.OfferedInPeers => CommitmentWitness.ReceivedHtlcByTimeout(signature, script),
            OutputKind.RevokedDelayed => CommitmentWitness.RevokedDelayed(signature, script),
            OutputKind.RevokedHtlc => CommitmentWitness.RevokedHtlc(signature, close.Keys!.RevocationKey, script),
            _ => throw new ArgumentOutOfRangeException(nameof(claim), claim.Output.Kind, "HTLCs of our own commitment take a second stage."),
        };
    }

    /// <summary>The witness, signed.</summary>
    internal static Witness Sign(Claimable claim, Close close, ChannelKeys keys, Transaction transaction, int inputIndex)
    {
        var (amount, script) = (claim.Output.Output.Value, claim.Output.WitnessScript);
        var signature = claim.Output.Kind switch
        {
            OutputKind.ToRemote => keys.SignToRemote(transaction, inputIndex, amount, hasAnchors: !script.IsEmpty),
            OutputKind.Delayed => keys.SignDelayed(transaction, inputIndex, amount, script, close.Keys!.PerCommitmentPoint),
            OutputKind.ReceivedInPeers or OutputKind.OfferedInPeers =>
                keys.SignHtlcClaim(transaction, inputIndex, amount, script, close.Keys!.PerCommitmentPoint),
            _ => keys.SignRevoked(transaction, inputIndex, amount, script, close.RevokedSecret),
        };
        return Of(claim, close, keys, signature);
    }
}
