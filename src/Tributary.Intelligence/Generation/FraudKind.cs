namespace Tributary.Intelligence.Generation;

/// <summary>How a generated payment came about.</summary>
public enum FraudKind
{
    /// <summary>A good payment.</summary>
    None,

    /// <summary>One of many small payments by which stolen cards are tried out.</summary>
    CardTesting,

    /// <summary>A payment from an account that a stranger has taken over.</summary>
    AccountTakeover,

    /// <summary>A purchase made to get the money back and keep the goods.</summary>
    RefundAbuse,

    /// <summary>A purchase that the customer made and later denies.</summary>
    FriendlyFraud,
}
