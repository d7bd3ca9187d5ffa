namespace Tributary.Intelligence.Journal;

/// <summary>What was found when a journal was opened for writing.</summary>
/// <param name="LastSequence">The last record that is there; 0 for an empty journal.</param>
/// <param name="TornSegment">The segment whose tail was cut off; 0 for none.</param>
/// <param name="TornOffset">Where the tail began.</param>
/// <param name="TornBytes">How long it was. Nothing in it was ever confirmed to be on disk.</param>
public sealed record RecoveryReport(ulong LastSequence, int TornSegment, long TornOffset, long TornBytes)
{
    /// <summary>True when something was cut off.</summary>
    public bool WasTorn => TornSegment > 0;
}
