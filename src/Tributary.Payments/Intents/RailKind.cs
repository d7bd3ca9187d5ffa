namespace Tributary.Payments.Intents;

/// <summary>How money can move.</summary>
public enum RailKind
{
    /// <summary>BOLT 11 over our own Lightning channels.</summary>
    Lightning,

    /// <summary>An address of our wallet on chain.</summary>
    OnChain,

    /// <summary>The card rail, which behaves as a card processor does.</summary>
    Card,
}
