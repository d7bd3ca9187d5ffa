namespace Tributary.Payments.Lnurl;

/// <summary>Whether a payer is asked who they are (LUD-18).</summary>
public enum PayerDataRule
{
    None,
    Optional,

    /// <summary>Without it nothing is taken.</summary>
    Mandatory,
}
