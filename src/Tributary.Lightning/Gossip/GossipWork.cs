using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// Signatures to check: costly and pure, so it may be done on any thread, many items at once, and answered in any order by
/// <see cref="GossipIntake.Verified"/>.
/// </summary>
/// <param name="Peer">Who sent the message.</param>
/// <param name="Message">The message.</param>
/// <param name="Signer">Whose word an update is; of no meaning for the others, which name their signers.</param>
public sealed record GossipWork(NodeId Peer, LightningMessage Message, NodeId Signer)
{
    /// <summary>Are all signatures good? Keys that are no points make it false.</summary>
    public bool Verify() => Message switch
    {
        ChannelAnnouncement announcement => Verify(announcement),
        ChannelUpdate update => Check(Signer, update.Signature, update.SignedHash()),
        NodeAnnouncement node => Check(node.NodeId, node.Signature, node.SignedHash()),
        _ => false,
    };

    private static bool Verify(ChannelAnnouncement announcement)
    {
        var hash = announcement.SignedHash();
        return Check(announcement.NodeId1, announcement.NodeSignature1, hash)
            && Check(announcement.NodeId2, announcement.NodeSignature2, hash)
            && Check(announcement.BitcoinKey1, announcement.BitcoinSignature1, hash)
            && Check(announcement.BitcoinKey2, announcement.BitcoinSignature2, hash);
    }

    private static bool Check(NodeId signer, CompactSignature signature, Bytes32 hash) =>
        signer.TryGetKey(out var key) && Ecdsa.Verify(key, signature.Span, hash.Span);
}
