using Tributary.Intelligence.Journal.Entries;

namespace Tributary.Intelligence.Journal.Labels;

/// <summary>What is held of a decided payment after all labels so far.</summary>
/// <param name="Holding">The label that holds.</param>
/// <param name="LabelCount">Labels that arrived, duplicates left out.</param>
/// <param name="IsContradicted">True when they did not all say the same.</param>
/// <param name="KnownSince">When the label that holds was recorded: what was learned earlier could not have known it.</param>
public sealed record ResolvedLabel(LabelEntry Holding, int LabelCount, bool IsContradicted, DateTimeOffset KnownSince)
{
    /// <summary>True for a bad outcome.</summary>
    public bool IsBad => Holding.IsBad;

    /// <summary>True for a bad outcome that is no mere suspicion.</summary>
    public bool IsConfirmedBad => Holding is { IsBad: true, IsConfirmed: true };
}
