namespace Tributary.Payments.Stores;

/// <summary>How soon a payment on chain counts as final, by BTCPay's names. The rail's rule by amount is a floor that none of them goes below.</summary>
public enum SpeedPolicy
{
    /// <summary>One confirmation at least: BTCPay takes none here, which a replacement would undo.</summary>
    HighSpeed,

    /// <summary>One confirmation at least.</summary>
    MediumSpeed,

    /// <summary>Two confirmations at least.</summary>
    LowMediumSpeed,

    /// <summary>Six confirmations at least.</summary>
    LowSpeed,
}
