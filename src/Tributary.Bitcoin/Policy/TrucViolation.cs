namespace Tributary.Bitcoin.Policy;

/// <summary>How a transaction breaks the rules of <see cref="TrucPolicy"/>.</summary>
/// <param name="Detail">What is wrong, with the transactions' ids.</param>
/// <param name="EvictableSibling">The one child of the same parent, which this one may replace by the rules of replacement, or null.</param>
public sealed record TrucViolation(string Detail, UnconfirmedTransaction? EvictableSibling = null)
{
    /// <summary>Bitcoin Core's reject reason.</summary>
    public const string Reason = "TRUC-violation";
}
