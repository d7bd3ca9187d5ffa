namespace Tributary.Intelligence.Privacy.Records;

/// <summary>What is known of one identity.</summary>
/// <param name="number">The number of its key; never used again.</param>
/// <param name="locator">Finds it.</param>
/// <param name="key">Its key.</param>
/// <param name="pseudonym">What stands for it.</param>
/// <param name="place">Where its record is.</param>
internal sealed class SubjectEntry(long number, UInt128 locator, byte[] key, Pseudonym pseudonym, long place)
{
    public long Number => number;

    public UInt128 Locator => locator;

    public byte[] Key => key;

    public Pseudonym Pseudonym => pseudonym;

    public long Place { get; set; } = place;

    /// <summary>The identities of this person and where each link's record is; null where there are none.</summary>
    public Dictionary<long, long>? Identities { get; set; }

    /// <summary>The persons whose identity this is; null where there are none.</summary>
    public HashSet<long>? Persons { get; set; }
}
