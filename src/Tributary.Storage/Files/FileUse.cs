namespace Tributary.Storage.Files;

/// <summary>What a file is opened for.</summary>
public enum FileUse
{
    /// <summary>To read, beside whoever writes.</summary>
    Read,

    /// <summary>To read and to write.</summary>
    ReadWrite,
}
