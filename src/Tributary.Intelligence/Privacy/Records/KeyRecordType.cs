namespace Tributary.Intelligence.Privacy.Records;

/// <summary>What a record of the key file says.</summary>
internal enum KeyRecordType : byte
{
    /// <summary>Nothing any more: it is full of zeros.</summary>
    Wiped = 0,

    /// <summary>An identity has a key.</summary>
    Key = 1,

    /// <summary>An identity belongs to a person.</summary>
    Link = 2,

    /// <summary>The record of the number given is to be wiped, or is.</summary>
    Erasing = 3,

    /// <summary>All before it was on disk for certain; the first one makes the segment count.</summary>
    Complete = 4,
}
