namespace Tributary.Lightning.Transport;

/// <summary>What became of the bytes that <see cref="TransportSession.Receive"/> took.</summary>
public enum TransportStatus
{
    /// <summary>All input was taken; more is needed for the next step.</summary>
    NeedsMore,

    /// <summary>The handshake is over and the peer's node id proven; messages may follow in the same input.</summary>
    Connected,

    /// <summary>One message was decrypted; the rest of the input is to be handed in again.</summary>
    Message,

    /// <summary>The peer broke BOLT 8: close the connection without sending anything.</summary>
    Failed,
}
