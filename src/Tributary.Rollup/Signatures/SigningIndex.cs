using Tributary.Primitives.Results;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>
/// Which one-time key signs what. An index is never given to two messages: it is written down before it is used, a message that has one keeps it, and
/// after a restore from anything but the journal the indices that may have been used are jumped over. Not for several threads at once.
/// </summary>
public sealed class SigningIndex
{
    /// <summary>How far a wallet goes beyond the last anchored state, and how far it jumps after a restore: more than it can ever have used unseen.</summary>
    public const uint Window = 1024;

    private readonly ISigningJournal _journal;
    private readonly uint _lastIndex;
    private readonly Dictionary<uint, TreeDigest> _messages = [];
    private readonly HashSet<uint> _unsure = [];
    private uint _next;
    private uint _anchored;

    private SigningIndex(ISigningJournal journal, uint lastIndex, uint next, uint anchored, bool mustRotate)
    {
        (_journal, _lastIndex, _next, _anchored, MustRotate) = (journal, lastIndex, next, anchored, mustRotate);
    }

    /// <summary>True after a restore: the key is to be rotated, since what was signed before is not known.</summary>
    public bool MustRotate { get; }

    /// <summary>The least index that is free.</summary>
    public uint Next => _next;

    /// <summary>A wallet with its journal, complete and in order.</summary>
    /// <param name="journal">Where records go from here on.</param>
    /// <param name="key">The key that signs.</param>
    /// <param name="records">The records of this key so far.</param>
    /// <param name="anchored">The account's next index in the last anchored state.</param>
    /// <param name="restoredAt">Where the journal began with a restore, the anchored index of that time: what lay beyond it is jumped over for ever.</param>
    public static Result<SigningIndex, Refusal> Open(
        ISigningJournal journal, XmssPublicKey key, IEnumerable<SigningRecord> records, uint anchored, uint? restoredAt = null)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(records);
        var signing = restoredAt is { } restored ? Restore(journal, key, restored) : new SigningIndex(journal, key.Parameters.LastIndex, 0, 0, mustRotate: false);
        signing.Anchor(anchored);
        foreach (var record in records)
        {
            if (signing._messages.TryGetValue(record.Index, out var message) && message != record.Message)
                return new Refusal("journal", $"index {record.Index} is written down for two messages");
            signing._messages[record.Index] = record.Message;
            if (record.Index != signing._lastIndex)
                signing._next = Math.Max(signing._next, record.Index + 1);
        }

        return signing;
    }

    /// <summary>
    /// A wallet restored from its seed, without a journal: it goes on a window behind the anchored state, and is to rotate. Whoever keeps the journal
    /// writes the restore down first, so that opening it again knows of it.
    /// </summary>
    public static SigningIndex Restore(ISigningJournal journal, XmssPublicKey key, uint anchored)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return new SigningIndex(journal, key.Parameters.LastIndex, (uint)Math.Min(uint.MaxValue, (ulong)anchored + Window), anchored, mustRotate: true);
    }

    /// <summary>The account's next index in a newer anchored state. What was anchored before it may be forgotten.</summary>
    public void Anchor(uint anchored)
    {
        if (anchored < _anchored)
            return;
        _anchored = anchored;
        _next = Math.Max(_next, anchored);
        foreach (var index in _messages.Keys.Where(index => index < anchored).ToArray())
            _messages.Remove(index);
    }

    /// <summary>Goes back to an older anchored state, after Bitcoin dropped a newer one. No index becomes free.</summary>
    public void Unanchor(uint anchored) => _anchored = Math.Min(_anchored, anchored);

    /// <summary>The next index, which whoever asks may then sign one message with; nothing is written down yet.</summary>
    public Result<uint, Refusal> Peek()
    {
        if (_next >= _lastIndex)
            return new Refusal("index", "this key has signed all it can but its rotation");
        if (_next - (long)_anchored >= (MustRotate ? 2 * Window : Window))
            return new Refusal("index", $"{Window} indices are used beyond the last anchored state: wait for the next anchor");
        return _next;
    }

    /// <summary>Writes down that an index is for a message, before anything is signed. The index is the next one, or has this message already.</summary>
    public async ValueTask<Refusal?> ReserveAsync(uint index, TreeDigest message, CancellationToken cancellationToken)
    {
        if (_messages.TryGetValue(index, out var known))
        {
            if (known != message)
                return new Refusal("index", $"{index} is for another message");
            if (_unsure.Contains(index))
                await WriteAsync(index, message, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var isRotation = index == _lastIndex;
        if (isRotation && MustRotate)
            return new Refusal("index", "the last index may have signed before the restore: rotate with the next one");
        if (!isRotation)
        {
            if (!Peek().TryGet(out var next, out var refusal))
                return refusal;
            if (index != next)
                return new Refusal("index", $"the next is {next}");
        }

        // Spent from here on, whatever becomes of the write: if it fails, the index is still for this message alone, once the write has succeeded.
        _messages[index] = message;
        _unsure.Add(index);
        if (!isRotation)
            _next = index + 1;
        await WriteAsync(index, message, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>The one way for a wallet to sign: writes the record down, then signs. The same message under the same index gives the same bytes.</summary>
    public async ValueTask<Result<byte[], Refusal>> SignAsync(XmssKey key, uint index, TreeDigest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return await ReserveAsync(index, message, cancellationToken).ConfigureAwait(false) is { } refusal ? refusal : key.Sign(index, message);
    }

    private async ValueTask WriteAsync(uint index, TreeDigest message, CancellationToken cancellationToken)
    {
        await _journal.AppendAsync(new SigningRecord(index, message), cancellationToken).ConfigureAwait(false);
        _unsure.Remove(index);
    }
}
