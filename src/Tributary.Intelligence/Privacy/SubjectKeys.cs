using System.Security.Cryptography;
using Tributary.Intelligence.Privacy.Records;
using Tributary.Intelligence.Privacy.Storage;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Privacy;

/// <summary>
/// Turns identities into pseudonyms, each by HMAC-SHA256 under a random key of its own, and forgets: once the key is destroyed, neither the identity nor
/// everything else on disk leads to its pseudonym. An identity is found by an HMAC under a key of the store; both kinds of keys are on disk only under
/// the master key, which is kept elsewhere. Safe to call from many threads.
/// </summary>
public sealed partial class SubjectKeys : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ISubjectKeyStorage _storage;
    private readonly IEntropy _entropy;
    private readonly SubjectKeyOptions _options;
    private readonly Dictionary<UInt128, SubjectEntry> _byLocator = [];
    private readonly Dictionary<long, SubjectEntry> _byNumber = [];
    private readonly MemoryStream _pending = new();
    private KeySeal _seal;
    private byte[] _locatorKey = [];
    private int _segment;
    private long _records;
    private long _synced;
    private long _nextNumber = 1;
    private bool _isFaulted;

    private SubjectKeys(ISubjectKeyStorage storage, KeySeal seal, IEntropy entropy, SubjectKeyOptions options)
    {
        _storage = storage;
        _seal = seal;
        _entropy = entropy;
        _options = options;
    }

    /// <summary>Identities that have a key.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _byNumber.Count;
        }
    }

    /// <summary>
    /// Opens keys or begins with none, and finishes an erasure that was interrupted. Refused: a master key that is not 32 bytes or another one than sealed
    /// the keys, damage where keys were on disk for certain.
    /// </summary>
    /// <param name="storage">Where keys are kept.</param>
    /// <param name="masterKey">32 bytes; keep it apart from the storage and its backups.</param>
    /// <param name="entropy">Fit for keys.</param>
    /// <param name="options">Bounds.</param>
    public static Result<SubjectKeys, Refusal> Open(ISubjectKeyStorage storage, ReadOnlySpan<byte> masterKey, IEntropy entropy, SubjectKeyOptions? options = null)
    {
        if (masterKey.Length != KeySeal.KeyLength)
            return new Refusal("master key", $"The master key has {KeySeal.KeyLength} bytes.");
        var keys = new SubjectKeys(storage, new KeySeal(masterKey), entropy, options ?? new SubjectKeyOptions());
        if (keys.Load() is not { } refusal)
            return keys;
        keys.Dispose();
        return refusal;
    }

    /// <summary>
    /// The pseudonym of an identity; one that is new gets a key. Call <see cref="Commit"/> before anything that names the pseudonym is acknowledged: a key
    /// that a crash takes is as good as erased. Refused: a new identity where there are too many.
    /// </summary>
    public Result<Pseudonym, Refusal> PseudonymOf(Identity identity)
    {
        lock (_lock)
            return Ensure(identity).Then<Pseudonym>(static entry => entry.Pseudonym);
    }

    /// <summary>The pseudonym of an identity that has one; none where it never had, or was erased.</summary>
    public Pseudonym Find(Identity identity)
    {
        lock (_lock)
            return Lookup(identity)?.Pseudonym ?? default;
    }

    /// <summary>
    /// Notes that an identity is a person's, so that it is erased and exported with the person. Refused: too many of one person, or too many identities.
    /// </summary>
    /// <param name="person">The person's own identity, such as the customer's account.</param>
    /// <param name="identity">What belongs to the person: a card, a device, an address.</param>
    public Refusal? Link(Identity person, Identity identity)
    {
        lock (_lock)
        {
            if (!Ensure(person).TryGet(out var owner, out var refusal) || !Ensure(identity).TryGet(out var owned, out refusal))
                return refusal;
            if (owner.Number == owned.Number || (owner.Identities?.ContainsKey(owned.Number) ?? false))
                return null;
            if (owner.Identities?.Count >= _options.MaxLinksPerPerson)
                return new Refusal(identity.Domain, $"The person has {_options.MaxLinksPerPerson} identities; no more are kept.");
            Span<byte> record = stackalloc byte[KeyRecord.Length];
            new KeyRecord(KeyRecordType.Link, owner.Number, owned.Number, _synced, Locator: default).Write(record);
            KeyRecord.WriteChecksum(record);
            Connect(owner, owned, Append(record));
            return null;
        }
    }

    /// <summary>
    /// Every pseudonym that stands for the person alone, as the journal writes them: what an export is asked for (GDPR article 15). An identity that
    /// somebody else has too is left out, because it would give away what was decided about them.
    /// </summary>
    public IReadOnlySet<string> PseudonymsOf(Identity person)
    {
        lock (_lock)
        {
            var pseudonyms = new HashSet<string>(StringComparer.Ordinal);
            if (Lookup(person) is not { } owner)
                return pseudonyms;
            pseudonyms.Add(owner.Pseudonym.ToString());
            foreach (var number in owner.Identities?.Keys ?? Enumerable.Empty<long>())
            {
                var owned = _byNumber[number];
                if (owned.Persons!.Count == 1)
                    pseudonyms.Add(owned.Pseudonym.ToString());
            }

            return pseudonyms;
        }
    }

    /// <summary>Returns when every key given out survives a loss of power.</summary>
    /// <exception cref="IOException">Storage failed; open the keys anew.</exception>
    public void Commit()
    {
        lock (_lock)
            CommitPending();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in _byNumber.Values)
            CryptographicOperations.ZeroMemory(entry.Key);
        CryptographicOperations.ZeroMemory(_locatorKey);
        _seal.Dispose();
        _pending.Dispose();
    }

    private SubjectEntry? Lookup(Identity identity) => _byLocator.GetValueOrDefault(LocatorOf(identity));

    private UInt128 LocatorOf(Identity identity)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_locatorKey, identity.Canonical, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private Result<SubjectEntry, Refusal> Ensure(Identity identity)
    {
        var locator = LocatorOf(identity);
        if (_byLocator.TryGetValue(locator, out var known))
            return known;
        if (_byNumber.Count >= _options.MaxIdentities)
            return new Refusal(identity.Domain, $"There are {_options.MaxIdentities} identities; no more are kept.");
        var key = new byte[KeySeal.KeyLength];
        _entropy.Fill(key);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, identity.Canonical, hash);
        var pseudonym = Pseudonym.FromBytes(hash);
        Span<byte> record = stackalloc byte[KeyRecord.Length];
        new KeyRecord(KeyRecordType.Key, _nextNumber, Other: 0, _synced, locator).Write(record);
        _seal.Seal(record, key, pseudonym, _entropy);
        var entry = new SubjectEntry(_nextNumber++, locator, key, pseudonym, Append(record));
        Enter(entry);
        return entry;
    }

    private void Enter(SubjectEntry entry)
    {
        _byLocator.Add(entry.Locator, entry);
        _byNumber.Add(entry.Number, entry);
    }

    private static void Connect(SubjectEntry person, SubjectEntry identity, long place)
    {
        (person.Identities ??= [])[identity.Number] = place;
        (identity.Persons ??= []).Add(person.Number);
    }

    private long Append(ReadOnlySpan<byte> record)
    {
        if (_isFaulted)
            throw new InvalidOperationException("The keys failed to be written before; open them anew.");
        _pending.Write(record);
        return _records++;
    }

    private void CommitPending()
    {
        if (_pending.Length == 0)
            return;
        Write(() =>
        {
            _storage.Append(_segment, _pending.GetBuffer().AsSpan(0, (int)_pending.Length));
            _storage.Sync(_segment);
            _pending.SetLength(0);
            _synced = _records;

            // Says that all before it was on disk, so that damage there is not taken for a torn tail. May itself be lost.
            var mark = new byte[KeyRecord.Length];
            WriteMark(mark);
            _storage.Append(_segment, mark);
            _records++;
        });
    }

    private void WriteMark(Span<byte> record)
    {
        new KeyRecord(KeyRecordType.Complete, _records, Other: 0, _synced, Locator: default).Write(record);
        KeyRecord.WriteChecksum(record);
    }

    // After a failed write what is on disk is not known; nothing more is promised.
    private void Write(Action action)
    {
        if (_isFaulted)
            throw new InvalidOperationException("The keys failed to be written before; open them anew.");
        try
        {
            action();
        }
        catch
        {
            _isFaulted = true;
            throw;
        }
    }
}
