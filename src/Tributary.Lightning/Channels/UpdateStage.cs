namespace Tributary.Lightning.Channels;

/// <summary>
/// How far an update has come through the commitments of both sides: the list of BOLT 2, "Normal Operation". "Receiver" is who receives the
/// update.
/// </summary>
public enum UpdateStage : byte
{
    None = 0,

    /// <summary>Sent; not yet in a commitment.</summary>
    PendingOnReceiver = 1,

    /// <summary>In the receiver's latest commitment, which is signed.</summary>
    InReceivers = 2,

    /// <summary>The receiver has revoked the one before: pending on the sender.</summary>
    PendingOnSender = 3,

    /// <summary>In the sender's latest commitment as well.</summary>
    InSenders = 4,

    /// <summary>The sender has revoked the one before: nothing can undo it.</summary>
    Irrevocable = 5,
}
