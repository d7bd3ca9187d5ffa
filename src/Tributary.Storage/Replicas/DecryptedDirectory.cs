using System.Diagnostics.CodeAnalysis;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Replicas;

/// <summary>A replica's folder as if it were not encrypted, to be read. A file is decrypted whole, when it is opened.</summary>
internal sealed class DecryptedDirectory(IStorageDirectory encrypted, ReplicaKey key, LogId? log) : IStorageDirectory
{
    internal const string Suffix = ".enc";

    public string Location => encrypted.Location;

    public IReadOnlyList<string> List() =>
        [.. encrypted.List().Where(static name => name.EndsWith(Suffix, StringComparison.Ordinal)).Select(static name => name[..^Suffix.Length])];

    public bool Exists(string name) => encrypted.Exists(name + Suffix);

    public IStorageFile Create(string name) => throw new NotSupportedException("A replica is written by its log alone.");

    public IStorageFile Open(string name, FileUse use)
    {
        if (use != FileUse.Read)
            throw new NotSupportedException("A replica is written by its log alone.");
        using var file = encrypted.Open(name + Suffix, FileUse.Read);
        if (EncryptedFile.TryDecrypt(file, $"{Location}/{name}{Suffix}", name, key, log, out var plain) is { } error)
            throw new DamagedFileException(error);
        var memory = new MemoryDirectory();
        var copy = memory.Create(name);
        copy.Write(0, plain);
        return copy;
    }

    public void Rename(string from, string to) => throw new NotSupportedException("A replica is written by its log alone.");

    public void Remove(string name) => throw new NotSupportedException("A replica is written by its log alone.");

    public void Sync() => throw new NotSupportedException("A replica is written by its log alone.");

    public bool TryLock(string name, string holder, [NotNullWhen(true)] out IDisposable? taken, [NotNullWhen(false)] out string? heldBy) =>
        encrypted.TryLock(name, holder, out taken, out heldBy);
}
