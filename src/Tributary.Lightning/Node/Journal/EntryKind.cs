namespace Tributary.Lightning.Node.Journal;

/// <summary>Which machine a log entry belongs to. The numbers are on disk.</summary>
public enum EntryKind : byte
{
    /// <summary>A channel; the key is its key id.</summary>
    Channel = 1,

    /// <summary>A channel's monitor; the key is the channel's key id.</summary>
    Claims = 2,

    /// <summary>An outgoing payment; the key is its hash.</summary>
    Payment = 3,

    /// <summary>An invoice or what was received for it; the key is its hash.</summary>
    Invoice = 4,

    /// <summary>The node itself; the key is zero.</summary>
    Node = 5,

    /// <summary>In checkpoints: a channel's whole state; the key is its key id.</summary>
    ChannelState = 6,

    /// <summary>In checkpoints: a monitor's whole state; the key is the channel's key id.</summary>
    ClaimsState = 7,
}
