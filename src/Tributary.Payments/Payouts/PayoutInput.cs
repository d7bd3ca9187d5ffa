using System.Collections.Immutable;
using Tributary.Payments.Rails;

namespace Tributary.Payments.Payouts;

/// <summary>What can happen to a payout.</summary>
public abstract record PayoutInput
{
    private PayoutInput()
    {
    }

    /// <summary>Somebody else agrees.</summary>
    public sealed record Approve(string Actor) : PayoutInput;

    /// <summary>The store takes it back.</summary>
    /// <param name="IsWithdrawn">No rail has heard of it, and none will.</param>
    public sealed record Cancel(bool IsWithdrawn) : PayoutInput;

    /// <summary>The rail says how it stands.</summary>
    public sealed record Report(OutgoingReport Told) : PayoutInput;

    /// <summary>Its metadata changes.</summary>
    public sealed record Update(ImmutableSortedDictionary<string, string> Metadata) : PayoutInput;
}
