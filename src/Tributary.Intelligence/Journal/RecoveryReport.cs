namespace Tributary.Intelligence.Journal;

/// <summary>What was found when a journal was opened for writing.</summary>
/// <param name="LastSequence">The last record that is there; 0 for an empty journal.</param>
/// <param name="TornBytes">Bytes of a tail that was cut off. Nothing in it was ever confirmed to be on disk.</param>
public sealed record RecoveryReport(ulong LastSequence, long TornBytes)
{
    /// <summary>True when something was cut off.</summary>
    public bool WasTorn => TornBytes > 0;
}
