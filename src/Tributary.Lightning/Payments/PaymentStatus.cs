namespace Tributary.Lightning.Payments;

/// <summary>Where an outgoing payment stands.</summary>
public enum PaymentStatus
{
    /// <summary>Nobody can say yet how it ends: an HTLC may be out, or another will go out.</summary>
    Pending,

    /// <summary>The preimage is known.</summary>
    Succeeded,

    /// <summary>Nothing was paid, and nothing is out.</summary>
    Failed,
}
