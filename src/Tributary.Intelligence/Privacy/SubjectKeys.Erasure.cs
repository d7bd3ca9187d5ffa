using System.Collections.Immutable;
using System.Security.Cryptography;
using Tributary.Intelligence.Privacy.Records;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Privacy;

/// <content>
/// Erasure: what is to go is written down and synced first, then its bytes are overwritten where they are, so that a crash in between leaves an erasure
/// that the next opening finishes. Numbers are never used again, and nothing else of an erased identity stays: not even that it was there.
/// </content>
public sealed partial class SubjectKeys
{
    /// <summary>
    /// Destroys the keys of identities, and of what belongs to these persons and to nobody else (GDPR article 17). Returns when the bytes are overwritten
    /// on disk. What stays in features, journals and training rows under the pseudonyms can be tied to nobody; an identity that comes back gets another.
    /// </summary>
    /// <exception cref="IOException">Storage failed: open the keys anew, and erase again.</exception>
    public ErasureReceipt Erase(params IReadOnlyCollection<Identity> identities)
    {
        lock (_lock)
            return Erase([.. identities.Select(Lookup).OfType<SubjectEntry>().Select(static entry => entry.Number)]);
    }

    /// <summary>Destroys again what a backup brought back: call it after the restore, before anything else, with the receipts kept since the backup was made.</summary>
    public int Reapply(IEnumerable<ErasureReceipt> receipts)
    {
        lock (_lock)
        {
            // The receipt names all that went, so nothing more goes with it.
            var numbers = receipts.SelectMany(static receipt => receipt.Keys).Where(_byNumber.ContainsKey).ToHashSet();
            Destroy(numbers);
            return numbers.Count;
        }
    }

    /// <summary>
    /// Seals all keys anew under another master key in a new segment and destroys the old one. Whatever the disk still holds of erased keys (flash, copy on
    /// write, old backups) is then sealed under a master key that nobody has, once the old one is destroyed. Refused: a key that is not 32 bytes.
    /// </summary>
    public Refusal? Rotate(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length != KeySeal.KeyLength)
            return new Refusal("master key", $"The master key has {KeySeal.KeyLength} bytes.");
        var seal = new KeySeal(masterKey);
        lock (_lock)
        {
            CommitPending();
            var (old, previous) = (_segment, _seal);
            _seal = seal;
            Write(() =>
            {
                Begin(old + 1, [.. _byNumber.Values.OrderBy(static entry => entry.Number)]);
                _storage.Destroy(old);
            });
            previous.Dispose();
            return null;
        }
    }

    private ErasureReceipt Erase(HashSet<long> numbers)
    {
        var shared = 0;
        foreach (var owner in numbers.ToArray())
        {
            foreach (var owned in _byNumber[owner].Identities?.Keys ?? Enumerable.Empty<long>())
            {
                if (_byNumber[owned].Persons!.IsSubsetOf(numbers))
                    numbers.Add(owned);
                else
                    shared++;
            }
        }

        Destroy(numbers);
        return new ErasureReceipt([.. numbers.Order()], shared);
    }

    private void Destroy(HashSet<long> numbers)
    {
        var places = new List<long>();
        foreach (var number in numbers)
        {
            var entry = _byNumber[number];
            places.Add(entry.Place);
            places.AddRange(entry.Identities?.Values ?? Enumerable.Empty<long>());
            foreach (var person in entry.Persons ?? [])
            {
                if (!numbers.Contains(person))
                    places.Add(_byNumber[person].Identities![number]);
            }
        }

        if (places.Count == 0)
            return;

        // Only what is on disk for certain can be wiped for certain.
        CommitPending();
        Span<byte> record = stackalloc byte[KeyRecord.Length];
        for (var i = 0; i < places.Count; i++)
        {
            ErasureBatches.RecordOf(places[i], i, places.Count, _synced).Write(record);
            KeyRecord.WriteChecksum(record);
            Append(record);
        }

        CommitPending();
        Write(() => Wipe(places));
        foreach (var number in numbers)
            Forget(_byNumber[number]);
    }

    private void Wipe(List<long> places)
    {
        foreach (var place in places)
            _storage.Wipe(_segment, place * KeyRecord.Length, KeyRecord.Length);
        _storage.Sync(_segment);
    }

    private void Forget(SubjectEntry entry)
    {
        foreach (var owned in entry.Identities?.Keys ?? Enumerable.Empty<long>())
            _byNumber.GetValueOrDefault(owned)?.Persons!.Remove(entry.Number);
        foreach (var person in entry.Persons ?? [])
            _byNumber.GetValueOrDefault(person)?.Identities!.Remove(entry.Number);
        CryptographicOperations.ZeroMemory(entry.Key);
        _byLocator.Remove(entry.Locator);
        _byNumber.Remove(entry.Number);
    }
}
