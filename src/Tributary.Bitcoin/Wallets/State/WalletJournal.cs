using Tributary.Bitcoin.Wallets.Records;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>
/// The state and its store together: records are applied, and stored in one commit before anybody acts on them. A store that fails
/// leaves the journal broken: it takes nothing more, since memory and disk would differ.
/// </summary>
internal sealed class WalletJournal
{
    // A snapshot is worth writing once the log is this many times as long as the last one.
    private const int GrowthBeforeSnapshot = 4;

    private readonly IWalletStore _store;
    private readonly long _compactAtBytes;
    private readonly List<byte[]> _pending = [];
    private long _sizeAfterSnapshot;
    private Exception? _failure;

    private WalletJournal(IWalletStore store, WalletState state, long compactAtBytes)
    {
        _store = store;
        State = state;
        _compactAtBytes = compactAtBytes;
        _sizeAfterSnapshot = store.Size;
    }

    internal WalletState State { get; }

    /// <summary>True when applied records wait for the next commit.</summary>
    internal bool HasPending => _pending.Count > 0;

    /// <summary>Loads what the store holds.</summary>
    internal static async ValueTask<Result<WalletJournal, Refusal>> LoadAsync(IWalletStore store, long compactAtBytes, CancellationToken cancellationToken)
    {
        var state = new WalletState();
        foreach (var bytes in await store.LoadAsync(cancellationToken))
        {
            if (!WalletRecordCodec.Decode(bytes).TryGet(out var decoded, out var refusal))
                return refusal;
            if (decoded.Record is not null && state.Apply(decoded.Record) is { } contradiction)
                return contradiction;
        }

        return new WalletJournal(store, state, compactAtBytes);
    }

    /// <summary>Applies a record; it is stored by the next commit. The caller guards the state against readers.</summary>
    internal void Apply(WalletRecord record)
    {
        RequireWhole();
        if (State.Apply(record) is { } contradiction)
            throw Break(new InvalidOperationException($"A record contradicts the wallet's state: {contradiction}"));
        _pending.Add(WalletRecordCodec.Encode(record));
    }

    /// <summary>Stores what was applied, in one commit. Not to be cancelled: the state already holds it.</summary>
    /// <exception cref="IOException">The store failed; the journal takes nothing more.</exception>
    internal async ValueTask CommitAsync()
    {
        RequireWhole();
        if (_pending.Count == 0)
            return;

        ReadOnlyMemory<byte>[] records = [.. _pending];
        _pending.Clear();
        try
        {
            await _store.AppendAsync(records, CancellationToken.None);
            if (_store.Size > _compactAtBytes && _store.Size > _sizeAfterSnapshot * GrowthBeforeSnapshot && !State.NeedsRescan)
                await CompactAsync();
        }
        catch (Exception exception)
        {
            throw Break(exception);
        }
    }

    /// <summary>Replaces the log by a snapshot.</summary>
    internal async ValueTask CompactAsync()
    {
        RequireWhole();
        await _store.ReplaceAsync([.. WalletSnapshot.Of(State).Select(static record => (ReadOnlyMemory<byte>)WalletRecordCodec.Encode(record))], CancellationToken.None);
        _sizeAfterSnapshot = _store.Size;
    }

    private Exception Break(Exception failure)
    {
        _failure ??= failure;
        return failure;
    }

    private void RequireWhole()
    {
        if (_failure is not null)
            throw new IOException($"The wallet takes nothing more since its store failed ({_failure.Message}); open it again.", _failure);
    }
}
