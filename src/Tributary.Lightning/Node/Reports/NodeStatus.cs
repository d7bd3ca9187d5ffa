using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Reports;

/// <summary>How the node stands, in words: what can be done right now, what to do where it is nothing, and what is at risk.</summary>
/// <param name="IsSynced">It knows the chain up to its source's tip, and so pays and is paid.</param>
/// <param name="Sendable">The largest payment that can leave now, before fees of others.</param>
/// <param name="Receivable">The largest payment in one part that can come in now.</param>
/// <param name="Reserve">What the wallet keeps back so that channels can be claimed on chain.</param>
/// <param name="ConfirmedFree">Confirmed coins that are not set aside, the reserve among them.</param>
/// <param name="Lines">What a person should know, most important first.</param>
/// <param name="Advice">What to do next; empty when there is nothing to do.</param>
/// <param name="Risks">What is at risk.</param>
public sealed record NodeStatus(
    bool IsSynced,
    MilliSatoshis Sendable,
    MilliSatoshis Receivable,
    Satoshis Reserve,
    Satoshis ConfirmedFree,
    IReadOnlyList<string> Lines,
    IReadOnlyList<string> Advice,
    IReadOnlyList<string> Risks)
{
    /// <summary>The static backups that are kept up to date.</summary>
    public IReadOnlyList<BackupReport> Backups { get; init; } = [];
}
