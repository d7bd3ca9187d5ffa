namespace Tributary.Lightning.Features;

/// <summary>The features of BOLT 9, by their even bit: that one requires, the odd one above it offers.</summary>
public enum Feature
{
    DataLossProtect = 0,
    UpfrontShutdownScript = 4,
    GossipQueries = 6,
    VariableLengthOnion = 8,
    GossipQueriesExtended = 10,
    StaticRemoteKey = 12,
    PaymentSecret = 14,
    BasicMultiPart = 16,
    LargeChannels = 18,
    AnchorsZeroFeeHtlc = 22,
    RouteBlinding = 24,
    ShutdownAnySegwit = 26,
    DualFund = 28,
    Quiescence = 34,
    AttributionData = 36,
    OnionMessages = 38,
    ProvideStorage = 42,
    ChannelType = 44,
    ScidAlias = 46,
    PaymentMetadata = 48,
    ZeroConf = 50,
    SimpleClose = 60,
    Splice = 62,
}
