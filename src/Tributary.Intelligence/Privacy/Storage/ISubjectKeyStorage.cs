using Tributary.Intelligence.Journal.Storage;

namespace Tributary.Intelligence.Privacy.Storage;

/// <summary>Where keys are: segments that only grow, and from which bytes can be destroyed.</summary>
public interface ISubjectKeyStorage : IJournalStorage
{
    /// <summary>Writes zeros over bytes of a segment; they are gone for good after the next <see cref="IJournalStorage.Sync"/>.</summary>
    void Wipe(int segment, long offset, int length);

    /// <summary>Writes zeros over a whole segment and removes it, durably.</summary>
    void Destroy(int segment);
}
