using Tributary.Finance.Amounts;

namespace Tributary.Finance.Operations;

/// <summary>Who asks for an operation, and on what terms. All of it is signed; the engine trusts that the signature was checked.</summary>
/// <param name="Account">Who asks and pays.</param>
/// <param name="Index">The one-time key that signs: at least the account's next index. Acceptance makes the one after it the next.</param>
/// <param name="Fee">What the operator gets, in satoshis.</param>
/// <param name="Expiry">The last height at which the operation may be taken.</param>
public readonly record struct Authorisation(AccountId Account, uint Index, Amount Fee, uint Expiry)
{
    /// <summary>Bytes of the encoding.</summary>
    public const int Length = 28;
}
