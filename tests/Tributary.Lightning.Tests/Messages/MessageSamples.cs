using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Tests.Messages;

/// <summary>A message of every type with all fields set from a seed, optional ones now and then.</summary>
internal static class MessageSamples
{
    internal static LightningMessage Create(MessageType type, ulong seed)
    {
        var source = new SampleSource(seed);
        return type switch
        {
            MessageType.Warning => Warning(source),
            MessageType.PeerStorage => PeerStorage(source),
            MessageType.PeerStorageRetrieval => PeerStorageRetrieval(source),
            MessageType.Init => Init(source),
            MessageType.Error => Error(source),
            MessageType.Ping => Ping(source),
            MessageType.Pong => Pong(source),
            MessageType.OpenChannel => OpenChannel(source),
            MessageType.AcceptChannel => AcceptChannel(source),
            MessageType.FundingCreated => FundingCreated(source),
            MessageType.FundingSigned => FundingSigned(source),
            MessageType.ChannelReady => ChannelReady(source),
            MessageType.Shutdown => Shutdown(source),
            MessageType.ClosingSigned => ClosingSigned(source),
            MessageType.UpdateAddHtlc => UpdateAddHtlc(source),
            MessageType.UpdateFulfillHtlc => UpdateFulfillHtlc(source),
            MessageType.UpdateFailHtlc => UpdateFailHtlc(source),
            MessageType.CommitmentSigned => CommitmentSigned(source),
            MessageType.RevokeAndAck => RevokeAndAck(source),
            MessageType.UpdateFee => UpdateFee(source),
            MessageType.UpdateFailMalformedHtlc => UpdateFailMalformedHtlc(source),
            MessageType.ChannelReestablish => ChannelReestablish(source),
            MessageType.ChannelAnnouncement => ChannelAnnouncement(source),
            MessageType.NodeAnnouncement => NodeAnnouncement(source),
            MessageType.ChannelUpdate => ChannelUpdate(source),
            MessageType.AnnouncementSignatures => AnnouncementSignatures(source),
            MessageType.QueryShortChannelIds => QueryShortChannelIds(source),
            MessageType.ReplyShortChannelIdsEnd => ReplyShortChannelIdsEnd(source),
            MessageType.QueryChannelRange => QueryChannelRange(source),
            MessageType.ReplyChannelRange => ReplyChannelRange(source),
            MessageType.GossipTimestampFilter => GossipTimestampFilter(source),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    private static Warning Warning(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Data = source.Bytes(),
        UnknownTlvs = source.OddRecords(),
    };

    private static PeerStorage PeerStorage(SampleSource source) => new()
    {
        Blob = source.Bytes(),
        UnknownTlvs = source.OddRecords(),
    };

    private static PeerStorageRetrieval PeerStorageRetrieval(SampleSource source) => new()
    {
        Blob = source.Bytes(),
        UnknownTlvs = source.OddRecords(),
    };

    private static Init Init(SampleSource source) => new()
    {
        GlobalFeatures = FeatureVector.Read(source.Bytes()),
        Features = FeatureVector.Read(source.Bytes()),
        Networks = source.IsThere() ? source.Hashes() : null,
        RemoteAddress = source.IsThere() ? (ReadOnlyMemory<byte>?)source.Bytes() : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static Error Error(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Data = source.Bytes(),
        UnknownTlvs = source.OddRecords(),
    };

    private static Ping Ping(SampleSource source) => new()
    {
        PongLength = source.UInt16(),
        Ignored = source.Bytes(),
        UnknownTlvs = source.OddRecords(),
    };

    private static Pong Pong(SampleSource source) => new()
    {
        Ignored = source.Bytes(),
        UnknownTlvs = source.OddRecords(),
    };

    private static OpenChannel OpenChannel(SampleSource source) => new()
    {
        ChainHash = source.Bytes32(),
        TemporaryChannelId = new ChannelId(source.Bytes32()),
        FundingAmount = source.Satoshis(),
        PushAmount = source.MilliSatoshis(),
        DustLimit = source.Satoshis(),
        MaxHtlcValueInFlight = source.Limit(),
        ChannelReserve = source.Satoshis(),
        HtlcMinimum = source.Limit(),
        Feerate = source.Feerate(),
        ToSelfDelay = source.UInt16(),
        MaxAcceptedHtlcs = source.UInt16(),
        FundingKey = source.Point(),
        RevocationBasepoint = source.Point(),
        PaymentBasepoint = source.Point(),
        DelayedPaymentBasepoint = source.Point(),
        HtlcBasepoint = source.Point(),
        FirstPerCommitmentPoint = source.Point(),
        ChannelFlags = source.Byte(),
        UpfrontShutdownScript = source.IsThere() ? new Script(source.Bytes()) : null,
        ChannelTypeBits = source.IsThere() ? FeatureVector.Read(source.Bytes()) : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static AcceptChannel AcceptChannel(SampleSource source) => new()
    {
        TemporaryChannelId = new ChannelId(source.Bytes32()),
        DustLimit = source.Satoshis(),
        MaxHtlcValueInFlight = source.Limit(),
        ChannelReserve = source.Satoshis(),
        HtlcMinimum = source.Limit(),
        MinimumDepth = source.UInt32(),
        ToSelfDelay = source.UInt16(),
        MaxAcceptedHtlcs = source.UInt16(),
        FundingKey = source.Point(),
        RevocationBasepoint = source.Point(),
        PaymentBasepoint = source.Point(),
        DelayedPaymentBasepoint = source.Point(),
        HtlcBasepoint = source.Point(),
        FirstPerCommitmentPoint = source.Point(),
        UpfrontShutdownScript = source.IsThere() ? new Script(source.Bytes()) : null,
        ChannelTypeBits = source.IsThere() ? FeatureVector.Read(source.Bytes()) : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static FundingCreated FundingCreated(SampleSource source) => new()
    {
        TemporaryChannelId = new ChannelId(source.Bytes32()),
        FundingTxId = new TxId(source.Bytes32()),
        FundingOutputIndex = source.UInt16(),
        Signature = source.Signature(),
        UnknownTlvs = source.OddRecords(),
    };

    private static FundingSigned FundingSigned(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Signature = source.Signature(),
        UnknownTlvs = source.OddRecords(),
    };

    private static ChannelReady ChannelReady(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        SecondPerCommitmentPoint = source.Point(),
        Alias = source.IsThere() ? new ShortChannelId(source.UInt64()) : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static Shutdown Shutdown(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        ScriptPubKey = new Script(source.Bytes()),
        UnknownTlvs = source.OddRecords(),
    };

    private static ClosingSigned ClosingSigned(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Fee = source.Satoshis(),
        Signature = source.Signature(),
        FeeRange = source.IsThere() ? new FeeRange(source.Satoshis(), source.Satoshis()) : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static UpdateAddHtlc UpdateAddHtlc(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Id = source.UInt64(),
        Amount = source.MilliSatoshis(),
        PaymentHash = source.Bytes32(),
        CltvExpiry = source.UInt32(),
        Onion = source.Bytes(Tributary.Lightning.Messages.UpdateAddHtlc.OnionLength),
        PathKey = source.IsThere() ? source.Point() : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static UpdateFulfillHtlc UpdateFulfillHtlc(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Id = source.UInt64(),
        PaymentPreimage = source.Bytes32(),
        AttributionData = source.IsThere() ? (ReadOnlyMemory<byte>?)source.Bytes() : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static UpdateFailHtlc UpdateFailHtlc(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Id = source.UInt64(),
        Reason = source.Bytes(),
        AttributionData = source.IsThere() ? (ReadOnlyMemory<byte>?)source.Bytes() : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static CommitmentSigned CommitmentSigned(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Signature = source.Signature(),
        HtlcSignatures = source.Signatures(),
        UnknownTlvs = source.OddRecords(),
    };

    private static RevokeAndAck RevokeAndAck(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        PerCommitmentSecret = source.Bytes32(),
        NextPerCommitmentPoint = source.Point(),
        UnknownTlvs = source.OddRecords(),
    };

    private static UpdateFee UpdateFee(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Feerate = source.Feerate(),
        UnknownTlvs = source.OddRecords(),
    };

    private static UpdateFailMalformedHtlc UpdateFailMalformedHtlc(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        Id = source.UInt64(),
        Sha256OfOnion = source.Bytes32(),
        FailureCode = source.UInt16(),
        UnknownTlvs = source.OddRecords(),
    };

    private static ChannelReestablish ChannelReestablish(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        NextCommitmentNumber = source.UInt64(),
        NextRevocationNumber = source.UInt64(),
        YourLastPerCommitmentSecret = source.Bytes32(),
        MyCurrentPerCommitmentPoint = source.Point(),
        NextFunding = source.IsThere() ? new NextFunding(new TxId(source.Bytes32()), source.Byte()) : null,
        MyCurrentFundingLocked = source.IsThere() ? new NextFunding(new TxId(source.Bytes32()), source.Byte()) : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static ChannelAnnouncement ChannelAnnouncement(SampleSource source) => new()
    {
        NodeSignature1 = source.Signature(),
        NodeSignature2 = source.Signature(),
        BitcoinSignature1 = source.Signature(),
        BitcoinSignature2 = source.Signature(),
        Features = FeatureVector.Read(source.Bytes()),
        ChainHash = source.Bytes32(),
        ShortChannelId = new ShortChannelId(source.UInt64()),
        NodeId1 = new NodeId(source.Bytes(NodeId.Length)),
        NodeId2 = new NodeId(source.Bytes(NodeId.Length)),
        BitcoinKey1 = new NodeId(source.Bytes(NodeId.Length)),
        BitcoinKey2 = new NodeId(source.Bytes(NodeId.Length)),
        ExcessData = source.Bytes(),
    };

    private static NodeAnnouncement NodeAnnouncement(SampleSource source) => new()
    {
        Signature = source.Signature(),
        Features = FeatureVector.Read(source.Bytes()),
        Timestamp = source.UInt32(),
        NodeId = new NodeId(source.Bytes(NodeId.Length)),
        Color = new RgbColor(source.Byte(), source.Byte(), source.Byte()),
        Alias = new NodeAlias(source.Bytes32()),
        Addresses = source.Bytes(),
        ExcessData = source.Bytes(),
    };

    private static ChannelUpdate ChannelUpdate(SampleSource source) => new()
    {
        Signature = source.Signature(),
        ChainHash = source.Bytes32(),
        ShortChannelId = new ShortChannelId(source.UInt64()),
        Timestamp = source.UInt32(),
        MessageFlags = source.Byte(),
        ChannelFlags = source.Byte(),
        CltvExpiryDelta = source.UInt16(),
        HtlcMinimum = source.Limit(),
        FeeBaseMilliSatoshis = source.UInt32(),
        FeeProportionalMillionths = source.UInt32(),
        HtlcMaximum = source.Limit(),
        ExcessData = source.Bytes(),
    };

    private static AnnouncementSignatures AnnouncementSignatures(SampleSource source) => new()
    {
        ChannelId = new ChannelId(source.Bytes32()),
        ShortChannelId = new ShortChannelId(source.UInt64()),
        NodeSignature = source.Signature(),
        BitcoinSignature = source.Signature(),
        UnknownTlvs = source.OddRecords(),
    };

    private static QueryShortChannelIds QueryShortChannelIds(SampleSource source) => new()
    {
        ChainHash = source.Bytes32(),
        EncodedShortIds = source.Bytes(),
        QueryFlags = source.IsThere() ? (ReadOnlyMemory<byte>?)source.Bytes() : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static ReplyShortChannelIdsEnd ReplyShortChannelIdsEnd(SampleSource source) => new()
    {
        ChainHash = source.Bytes32(),
        FullInformation = source.Byte(),
        UnknownTlvs = source.OddRecords(),
    };

    private static QueryChannelRange QueryChannelRange(SampleSource source) => new()
    {
        ChainHash = source.Bytes32(),
        FirstBlock = source.UInt32(),
        NumberOfBlocks = source.UInt32(),
        Options = source.IsThere() ? source.UInt64() : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static ReplyChannelRange ReplyChannelRange(SampleSource source) => new()
    {
        ChainHash = source.Bytes32(),
        FirstBlock = source.UInt32(),
        NumberOfBlocks = source.UInt32(),
        SyncComplete = source.Byte(),
        EncodedShortIds = source.Bytes(),
        Timestamps = source.IsThere() ? (ReadOnlyMemory<byte>?)source.Bytes() : null,
        Checksums = source.IsThere() ? (ReadOnlyMemory<byte>?)source.Bytes() : null,
        UnknownTlvs = source.OddRecords(),
    };

    private static GossipTimestampFilter GossipTimestampFilter(SampleSource source) => new()
    {
        ChainHash = source.Bytes32(),
        FirstTimestamp = source.UInt32(),
        TimestampRange = source.UInt32(),
        UnknownTlvs = source.OddRecords(),
    };
}
