namespace Tributary.Storage.Formats;

/// <summary>What stands at a place of a log.</summary>
internal enum ScanOutcome
{
    /// <summary>A whole frame in its place.</summary>
    Frame,

    /// <summary>Nothing more.</summary>
    End,

    /// <summary>Bytes that are no whole frame.</summary>
    Broken,

    /// <summary>A whole header of this place, in a log that it does not continue.</summary>
    Impossible,
}
