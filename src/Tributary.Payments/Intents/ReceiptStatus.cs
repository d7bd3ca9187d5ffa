namespace Tributary.Payments.Intents;

/// <summary>Where money that a rail reported stands.</summary>
public enum ReceiptStatus
{
    /// <summary>Seen, and may still vanish: an unconfirmed or shallow transaction.</summary>
    Seen,

    /// <summary>Ours for the taking: an accepted hold invoice, an authorised card.</summary>
    Held,

    /// <summary>Final, as far as the rail can say.</summary>
    Settled,

    /// <summary>Given back without having been taken.</summary>
    Released,

    /// <summary>Gone: replaced, or reorganised away.</summary>
    Vanished,
}
