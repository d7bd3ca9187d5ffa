using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Reports;

/// <summary>An invoice that is to be paid.</summary>
/// <param name="Text">BOLT 11.</param>
public sealed record PayRequest(string Text)
{
    /// <summary>For an invoice without an amount.</summary>
    public MilliSatoshis? Amount { get; init; }

    /// <summary>What the nodes between may keep; null for half a percent and no less than 5 sat.</summary>
    public MilliSatoshis? FeeMax { get; init; }

    /// <summary>How long attempts are made. What is under way then stays pending until it is resolved.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
