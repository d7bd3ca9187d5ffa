namespace Tributary.Intelligence.Features;

/// <summary>What a history is kept of. The numbers are part of stored records and never change.</summary>
public enum EntityKind : byte
{
    /// <summary>A payment instrument: a card, a wallet, a Lightning offer.</summary>
    Card = 0,

    /// <summary>The person or account that pays.</summary>
    Customer = 1,

    /// <summary>A device fingerprint.</summary>
    Device = 2,

    /// <summary>A network or postal address.</summary>
    Address = 3,

    /// <summary>A terminal or point of sale.</summary>
    Terminal = 4,

    /// <summary>The merchant that is paid.</summary>
    Merchant = 5,

    /// <summary>A Lightning node.</summary>
    Node = 6,
}
