namespace Tributary.Storage.Errors;

/// <summary>Why stored data cannot be opened.</summary>
public enum StorageErrorKind
{
    /// <summary>Another writer has it.</summary>
    InUse,

    /// <summary>There is nothing to open.</summary>
    Missing,

    /// <summary>It is something else: another purpose, another version, another program's file.</summary>
    Foreign,

    /// <summary>It is damaged at a place that no crash explains. Restore it from a backup; nothing was changed.</summary>
    Corrupt,

    /// <summary>It is a copy of an earlier state, which must never be taken for the present one.</summary>
    StaleCopy,

    /// <summary>The key does not open it.</summary>
    WrongKey,

    /// <summary>The disk or the operating system refuses.</summary>
    Unreadable,
}
