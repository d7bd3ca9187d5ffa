namespace Tributary.Storage.Formats;

/// <summary>What a file of a log is. Numbers are part of the format.</summary>
internal enum FileKind
{
    Segment = 1,
    Checkpoint = 2,
}
