namespace Tributary.Lightning.Messages;

/// <summary>Which reader reads which type.</summary>
internal static class MessageTable
{
    /// <summary>The message, or null when the type is not known.</summary>
    internal static LightningMessage? Read(MessageType type, ref MessageReader reader) => type switch
    {
        MessageType.Warning => Warning.Read(ref reader),
        MessageType.PeerStorage => PeerStorage.Read(ref reader),
        MessageType.PeerStorageRetrieval => PeerStorageRetrieval.Read(ref reader),
        MessageType.Init => Init.Read(ref reader),
        MessageType.Error => Error.Read(ref reader),
        MessageType.Ping => Ping.Read(ref reader),
        MessageType.Pong => Pong.Read(ref reader),
        MessageType.OpenChannel => OpenChannel.Read(ref reader),
        MessageType.AcceptChannel => AcceptChannel.Read(ref reader),
        MessageType.FundingCreated => FundingCreated.Read(ref reader),
        MessageType.FundingSigned => FundingSigned.Read(ref reader),
        MessageType.ChannelReady => ChannelReady.Read(ref reader),
        MessageType.Shutdown => Shutdown.Read(ref reader),
        MessageType.ClosingSigned => ClosingSigned.Read(ref reader),
        MessageType.UpdateAddHtlc => UpdateAddHtlc.Read(ref reader),
        MessageType.UpdateFulfillHtlc => UpdateFulfillHtlc.Read(ref reader),
        MessageType.UpdateFailHtlc => UpdateFailHtlc.Read(ref reader),
        MessageType.CommitmentSigned => CommitmentSigned.Read(ref reader),
        MessageType.RevokeAndAck => RevokeAndAck.Read(ref reader),
        MessageType.UpdateFee => UpdateFee.Read(ref reader),
        MessageType.UpdateFailMalformedHtlc => UpdateFailMalformedHtlc.Read(ref reader),
        MessageType.ChannelReestablish => ChannelReestablish.Read(ref reader),
        MessageType.ChannelAnnouncement => ChannelAnnouncement.Read(ref reader),
        MessageType.NodeAnnouncement => NodeAnnouncement.Read(ref reader),
        MessageType.ChannelUpdate => ChannelUpdate.Read(ref reader),
        MessageType.AnnouncementSignatures => AnnouncementSignatures.Read(ref reader),
        MessageType.QueryShortChannelIds => QueryShortChannelIds.Read(ref reader),
        MessageType.ReplyShortChannelIdsEnd => ReplyShortChannelIdsEnd.Read(ref reader),
        MessageType.QueryChannelRange => QueryChannelRange.Read(ref reader),
        MessageType.ReplyChannelRange => ReplyChannelRange.Read(ref reader),
        MessageType.GossipTimestampFilter => GossipTimestampFilter.Read(ref reader),
        _ => null,
    };
}
