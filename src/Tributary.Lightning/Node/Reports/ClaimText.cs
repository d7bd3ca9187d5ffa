using System.Globalization;
using Tributary.Lightning.OnChain;

namespace Tributary.Lightning.Node.Reports;

/// <summary>What is still out after a close, in words for the operator.</summary>
internal static class ClaimText
{
    /// <summary>"2 amounts are on their way: 675119 sat (our balance, free when its delay has passed; waits), …".</summary>
    public static string Describe(IReadOnlyList<PendingOutput> pending) => pending.Count switch
    {
        0 => "Everything is claimed; it is watched until it is deep.",
        1 => $"One amount is on its way: {Describe(pending[0])}.",
        _ => $"{pending.Count.ToString(CultureInfo.InvariantCulture)} amounts are on their way: {string.Join("; ", pending.Select(Describe))}.",
    };

    private static string Describe(PendingOutput output) =>
        $"{output.Amount.Value.ToString(CultureInfo.InvariantCulture)} sat ({What(output.Kind)}, {(output.ClaimedBy is { } claim ? $"claimed by {claim}" : "nothing to send yet")})";

    private static string What(OutputKind kind) => kind switch
    {
        OutputKind.ToRemote => "our balance",
        OutputKind.Delayed => "our balance, free when its delay has passed",
        OutputKind.OfferedInOurs or OutputKind.OfferedInPeers => "a payment of ours, back after its expiry unless the peer shows the preimage",
        OutputKind.ReceivedInOurs or OutputKind.ReceivedInPeers => "a payment to us, ours with its preimage",
        OutputKind.RevokedDelayed => "the peer's balance, forfeited with the old state it published",
        OutputKind.RevokedHtlc => "a payment of the old state that the peer published, forfeited",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "is no kind of output"),
    };
}
