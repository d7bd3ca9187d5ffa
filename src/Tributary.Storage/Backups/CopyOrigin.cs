namespace Tributary.Storage.Backups;

/// <summary>What a copy of a log was made from. Numbers are part of the format.</summary>
public enum CopyOrigin
{
    /// <summary>A log that was in use.</summary>
    Backup = 1,

    /// <summary>A replica.</summary>
    Replica = 2,
}
