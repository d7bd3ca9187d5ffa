using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Serving;

/// <summary>
/// Proofs in a folder, each under the digest of the claim that it shows: so a proof is asked for by what Bitcoin says, and the proof of a batch that
/// Bitcoin took back stands in nobody's way. A file is there whole or not at all. Safe for many threads; one process has the folder.
/// </summary>
public sealed class ProofStore : IProofSource, IDisposable
{
    /// <summary>The longest proof: ten times what the largest segment needs.</summary>
    public const int ProofLengthMax = 16 << 20;

    private const string LockFile = "lock";
    private const string Ending = ".proof";
    private const string Unfinished = ".part";
    private static readonly Bytes32 s_last = new(Enumerable.Repeat(byte.MaxValue, Bytes32.Length).ToArray());

    private readonly IStorageDirectory _directory;
    private readonly IDisposable _lock;
    private readonly Lock _gate = new();
    private readonly SortedSet<Bytes32> _claims = [];

    private ProofStore(IStorageDirectory directory, IDisposable taken) => (_directory, _lock) = (directory, taken);

    /// <inheritdoc/>
    public string Name => _directory.Location;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _claims.Count;
        }
    }

    /// <summary>Opens a folder: what a crash left half written is removed.</summary>
    public static Result<ProofStore, Refusal> Open(IStorageDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        IDisposable? taken = null;
        try
        {
            if (!directory.TryLock(LockFile, $"process {Environment.ProcessId}", out taken, out var heldBy))
                return new Refusal("proofs", $"{directory.Location} is in use by {heldBy}");
            var store = new ProofStore(directory, taken);
            foreach (var name in directory.List())
            {
                if (name.EndsWith(Unfinished, StringComparison.Ordinal))
                    directory.Remove(name);
                else if (TryParse(name, out var claim))
                    store._claims.Add(claim);
            }

            return store;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            return new Refusal("proofs", $"{directory.Location} can't be used: {exception.Message}");
        }
    }

    /// <summary>Is there a proof of this claim?</summary>
    public bool Contains(Bytes32 claim)
    {
        lock (_gate)
            return _claims.Contains(claim);
    }

    /// <summary>Keeps a proof: it survives a loss of power when this returns. One that is there stays.</summary>
    /// <exception cref="IOException">The disk failed or is full: nothing is kept.</exception>
    public void Put(Bytes32 claim, ReadOnlySpan<byte> proof)
    {
        ArgumentOutOfRangeException.ThrowIfZero(proof.Length, nameof(proof));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(proof.Length, ProofLengthMax, nameof(proof));
        lock (_gate)
        {
            if (_claims.Contains(claim))
                return;
            var part = $"{claim}{Unfinished}";
            _directory.Remove(part);
            using (var file = _directory.Create(part))
            {
                file.Write(0, proof);
                file.Flush();
            }

            _directory.Rename(part, $"{claim}{Ending}");
            _directory.Sync();
            _claims.Add(claim);
        }
    }

    /// <summary>The proof of a claim; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? Find(Bytes32 claim)
    {
        if (!Contains(claim))
            return null;
        using var file = _directory.Open($"{claim}{Ending}", FileUse.Read);
        var bytes = new byte[Math.Min(file.Length, ProofLengthMax)];
        return file.Read(0, bytes) == bytes.Length ? bytes : null;
    }

    /// <inheritdoc/>
    public ValueTask<Result<ReadOnlyMemory<byte>, Refusal>> FindAsync(Bytes32 claim, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult<Result<ReadOnlyMemory<byte>, Refusal>>((ReadOnlyMemory<byte>)(Find(claim) ?? []));
        }
        catch (IOException exception)
        {
            return ValueTask.FromResult<Result<ReadOnlyMemory<byte>, Refusal>>(new Refusal("proofs", exception.Message));
        }
    }

    /// <summary>Throws a proof away that turned out to be damaged on disk.</summary>
    public void Remove(Bytes32 claim)
    {
        lock (_gate)
        {
            if (_claims.Remove(claim))
                _directory.Remove($"{claim}{Ending}");
        }
    }

    /// <summary>The claims that there are proofs of, in ascending order.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<Bytes32> List(Bytes32? after, int limit)
    {
        lock (_gate)
        {
            var from = after is { } last ? _claims.GetViewBetween(last, s_last) : _claims;
            return [.. from.Where(claim => claim != after).Take(limit)];
        }
    }

    public void Dispose() => _lock.Dispose();

    private static bool TryParse(string name, out Bytes32 claim)
    {
        claim = default;
        return name.EndsWith(Ending, StringComparison.Ordinal) && Bytes32.TryParse(name.AsSpan(0, name.Length - Ending.Length), out claim);
    }
}
