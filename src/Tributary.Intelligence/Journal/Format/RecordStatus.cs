namespace Tributary.Intelligence.Journal.Format;

internal enum RecordStatus
{
    Sound,

    /// <summary>More bytes are needed to tell.</summary>
    Cut,

    Damaged,
}
