namespace Tributary.Payments.Intents;

/// <summary>Who decides when held money is taken.</summary>
public enum CaptureMethod
{
    /// <summary>Nobody: what arrives is taken.</summary>
    Automatic,

    /// <summary>The merchant, by a capture: a hold invoice or a card's authorisation.</summary>
    Manual,
}
