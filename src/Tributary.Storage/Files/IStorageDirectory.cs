using System.Diagnostics.CodeAnalysis;

namespace Tributary.Storage.Files;

/// <summary>
/// One folder of files, as a log sees the disk. Names are plain, without separators. What is created, renamed or removed survives a loss of
/// power only after <see cref="Sync"/>. Broken I/O, a full disk among it, is an <see cref="IOException"/>. Safe to use from many threads.
/// </summary>
public interface IStorageDirectory
{
    /// <summary>Where this is, in words for people.</summary>
    string Location { get; }

    /// <summary>The names of the files, in ordinal order.</summary>
    IReadOnlyList<string> List();

    /// <summary>True when there is a file of that name.</summary>
    bool Exists(string name);

    /// <summary>Creates an empty file, readable by its owner alone.</summary>
    /// <exception cref="IOException">There is a file of that name.</exception>
    IStorageFile Create(string name);

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    IStorageFile Open(string name, FileUse use);

    /// <summary>Gives a file another name; a file that has it already is replaced in the same instant.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; nothing happens where there is none.</summary>
    void Remove(string name);

    /// <summary>Returns when every name created, changed or removed survives a loss of power.</summary>
    /// <exception cref="IOException">Which names are durable is unknown.</exception>
    void Sync();

    /// <summary>Which file it is that has this name; null where there is none, or where nothing tells a file from its copy.</summary>
    FilePlace? PlaceOf(string name) => null;

    /// <summary>Takes a lock that no second handle, of this process or another, gets until it is disposed of or its process ends in any way.</summary>
    /// <param name="name">The file that stands for the lock.</param>
    /// <param name="holder">Who takes it, in words that a second one is refused with.</param>
    /// <param name="taken">The lock.</param>
    /// <param name="heldBy">Who has it.</param>
    bool TryLock(string name, string holder, [NotNullWhen(true)] out IDisposable? taken, [NotNullWhen(false)] out string? heldBy);
}
