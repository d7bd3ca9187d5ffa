using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Accounts;
using Tributary.Bitcoin.Wallets.Records;
using Tributary.Bitcoin.Wallets.State;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets;

/// <summary>
/// A wallet on one chain source: it hands out addresses, follows blocks and mempool, and spends. Everything it promises is stored before
/// it is promised. Safe to call from many threads; <see cref="RunAsync"/> does the following, once at a time.
/// </summary>
public sealed partial class Wallet : IAsyncDisposable
{
    private readonly IWalletStore _store;
    private readonly WalletJournal _journal;
    private readonly IChainSource _chain;
    private readonly IEntropy _entropy;
    private readonly TimeProvider _time;
    private WalletOptions _options;

    // One change of the wallet at a time; readers only wait for the moments in which memory changes.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _sync = new();
    private readonly ChangeSignal _changes = new();
    private ExtendedPrivateKey? _master;

    private Wallet(IWalletStore store, WalletJournal journal, IChainSource chain, IEntropy entropy, TimeProvider time, WalletOptions options)
    {
        _store = store;
        _journal = journal;
        _chain = chain;
        _entropy = entropy;
        _time = time;
        _options = options;
    }

    public BitcoinNetwork Network => State.Network;

    /// <summary>What the wallet holds, as far as it has looked through the chain.</summary>
    public WalletBalance Balance
    {
        get
        {
            lock (_sync)
                return WalletViews.Balance(State, _options.Reserve, Now);
        }
    }

    /// <summary>What spends may not touch from now on, in place of <see cref="WalletOptions.Reserve"/>: it changes with what needs it.</summary>
    public Satoshis Reserve
    {
        get
        {
            lock (_sync)
                return _options.Reserve;
        }

        set
        {
            lock (_sync)
                _options = _options with { Reserve = value };
            _changes.Pulse();
        }
    }

    /// <summary>How far the wallet knows the chain, and whether it can spend.</summary>
    public WalletStatus Status
    {
        get
        {
            var source = _chain.Status;
            lock (_sync)
            {
                var isSynced = _isRunning && source.IsSynced && _problem is null && State.Tip == source.Tip && !State.NeedsRescan;
                var problem = isSynced ? null : _problem ?? source.Problem ?? (_isRunning ? "is looking through the chain" : "does not follow the chain");
                return new WalletStatus(isSynced, State.Tip, source.Tip, problem, State.Seed is not null && _master is null);
            }
        }
    }

    /// <summary>All transactions of the wallet in the order in which it came to know them.</summary>
    public IReadOnlyList<WalletTransaction> Transactions
    {
        get
        {
            lock (_sync)
                return WalletViews.Transactions(State);
        }
    }

    /// <summary>Leases that are not over.</summary>
    public IReadOnlyList<WalletLease> Leases
    {
        get
        {
            lock (_sync)
            {
                return [.. State.Leases.Values.Where(lease => !lease.IsOver(Now)).Select(static lease => new WalletLease(
                    lease.Id, [.. lease.OutPoints], lease.ExpiresAt is { } end ? DateTimeOffset.FromUnixTimeSeconds(end) : null, lease.Purpose))];
            }
        }
    }

    /// <summary>The accounts' descriptors: address and change, in the order of the accounts' numbers. Public, yet they show every payment.</summary>
    public IReadOnlyList<string> Descriptors
    {
        get
        {
            lock (_sync)
                return [.. State.Branches.Select(static branch => branch.Descriptor.ToString())];
        }
    }

    /// <summary>Completes at the next change of anything the wallet shows: take it before looking.</summary>
    public Task NextChange => _changes.Next;

    private WalletState State => _journal.State;

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Makes a wallet in an empty store and takes the store over. A wallet with a seed is unlocked.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The wallet owns the key.")]
    public static async Task<Result<Wallet, Refusal>> CreateAsync(
        IWalletStore store, WalletCreation creation, IChainSource chain, IEntropy entropy, TimeProvider time, WalletOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= WalletOptions.Default;
        if (!(await WalletJournal.LoadAsync(store, options.CompactAtBytes, cancellationToken)).TryGet(out var journal, out var refusal))
            return refusal;
        if (journal.State.Creation is not null)
            return new Refusal("wallet", "exists already");
        if (chain.Network != creation.Network)
            return new Refusal("network", $"is {creation.Network}; the chain source follows {chain.Network}");
        if (creation.GapLimit is < 1 or > 10_000)
            return new Refusal("gap_limit", "is not between 1 and 10000");

        ExtendedPrivateKey? master = null;
        if (creation.Seed is not null && !creation.Seed.ToMaster(creation.Network).TryGet(out master, out refusal))
            return refusal;
        if (!Records(creation, master, entropy, options, time.GetUtcNow().ToUnixTimeSeconds()).TryGet(out var records, out refusal))
        {
            master?.Dispose();
            return refusal;
        }

        foreach (var record in records)
            journal.Apply(record);
        await journal.CommitAsync();
        return new Wallet(store, journal, chain, entropy, time, options) { _master = master };
    }

    /// <summary>Opens the wallet of a store and takes the store over. A wallet whose seed is sealed is locked; one without passphrase is not.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The wallet owns the key.")]
    public static async Task<Result<Wallet, Refusal>> OpenAsync(
        IWalletStore store, IChainSource chain, IEntropy entropy, TimeProvider time, WalletOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= WalletOptions.Default;
        if (!(await WalletJournal.LoadAsync(store, options.CompactAtBytes, cancellationToken)).TryGet(out var journal, out var refusal))
            return refusal;
        if (journal.State.Creation is null)
            return new Refusal("wallet", "is empty: it was never created");
        if (journal.State.Network != chain.Network)
            return new Refusal("network", $"of the wallet is {journal.State.Network}; the chain source follows {chain.Network}");

        var wallet = new Wallet(store, journal, chain, entropy, time, options);
        if (journal.State.Seed is { IsSealed: false } && wallet.OpenSeed(WalletPassphrase.None) is { } broken)
            return broken;
        return wallet;
    }

    /// <summary>Opens the seed, so that the wallet can spend.</summary>
    /// <returns>Null when it is open, or why it is not.</returns>
    public Refusal? Unlock(WalletPassphrase passphrase) => OpenSeed(passphrase);

    /// <summary>Forgets the keys: the wallet sees on and cannot spend. Without a passphrase there is nothing to lock.</summary>
    public void Lock()
    {
        lock (_sync)
        {
            if (State.Seed is not { IsSealed: true })
                return;
            _master?.Dispose();
            _master = null;
        }

        _changes.Pulse();
    }

    /// <summary>The seed, for a person who writes it down. The caller disposes of it.</summary>
    public Result<WalletSeed, Refusal> RevealSeed(WalletPassphrase passphrase)
    {
        WalletRecord.SeedStored? stored;
        lock (_sync)
            stored = State.Seed;
        return stored is null ? new Refusal("seed", "is not in this wallet: it only watches") : WalletSeed.Open(stored, passphrase, Network);
    }

    /// <summary>Seals the seed by another passphrase, or none.</summary>
    /// <returns>Null when it is done, or why it is not.</returns>
    public async Task<Refusal?> ChangePassphraseAsync(WalletPassphrase current, WalletPassphrase next, CancellationToken cancellationToken)
    {
        if (!RevealSeed(current).TryGet(out var seed, out var refusal))
            return refusal;
        using (seed)
        {
            if (!seed.Seal(next, Network, _entropy, _options.SealCost).TryGet(out var stored, out refusal))
                return refusal;
            await ChangeAsync(() => _journal.Apply(stored), cancellationToken);

            // The old box is still in the log until a snapshot takes its place.
            await _gate.WaitAsync(CancellationToken.None);
            try
            {
                if (!State.NeedsRescan)
                    await _journal.CompactAsync();
            }
            finally
            {
                _gate.Release();
            }
        }

        return null;
    }

    /// <summary>A fresh address, stored before it is handed out.</summary>
    /// <param name="kind">What address; null for the first account.</param>
    /// <param name="label">A note.</param>
    /// <param name="cancellationToken">Ends the wait for other changes.</param>
    public async Task<Result<WalletAddress, Refusal>> NewAddressAsync(WalletAccountKind? kind = null, string? label = null, CancellationToken cancellationToken = default)
    {
        Result<WalletAddress, Refusal> result = new Refusal("account", $"of kind {kind} is not in this wallet");
        await ChangeAsync(
            () =>
            {
                var account = State.Accounts.Find(account => kind is null || account.Kind == kind);
                if (account is null)
                    return;
                var place = account.Receive.Place(account.Receive.Descriptor.IsRanged ? account.Receive.NextIndex : 0);
                _journal.Apply(new WalletRecord.AddressIssued(place));
                var address = State.AddressAt(place);
                if (!string.IsNullOrEmpty(label))
                    _journal.Apply(new WalletRecord.LabelSet($"addr:{address}", label));
                result = new WalletAddress(address, place, label);
            },
            cancellationToken);
        return result;
    }

    /// <summary>Outputs that nothing spends, of transactions in blocks or in the mempool.</summary>
    public IReadOnlyList<WalletCoin> ListUnspent()
    {
        lock (_sync)
            return WalletViews.Coins(State, Now);
    }

    /// <summary>Addresses that were handed out or paid, change included.</summary>
    public IReadOnlyList<WalletAddress> ListAddresses()
    {
        lock (_sync)
        {
            var addresses = new List<WalletAddress>();
            foreach (var branch in State.Branches)
            {
                for (uint index = 0; index < branch.NextIndex; index++)
                {
                    var address = State.AddressAt(branch.Place(index));
                    addresses.Add(new WalletAddress(address, branch.Place(index), State.Labels.GetValueOrDefault($"addr:{address}")));
                }
            }

            return addresses;
        }
    }

    /// <summary>A transaction of the wallet, or null.</summary>
    public WalletTransaction? FindTransaction(TxId id)
    {
        lock (_sync)
            return State.Transactions.TryGetValue(id, out var entry) ? WalletViews.Transaction(State, new WalletJudgement(State), entry) : null;
    }

    /// <summary>Notes something on a transaction; empty text takes the note away.</summary>
    public Task SetLabelAsync(TxId id, string text, CancellationToken cancellationToken) =>
        ChangeAsync(() => _journal.Apply(new WalletRecord.LabelSet($"tx:{id}", text)), cancellationToken);

    /// <summary>Notes something on an address; empty text takes the note away.</summary>
    public Task SetLabelAsync(Addresses.Address address, string text, CancellationToken cancellationToken) =>
        ChangeAsync(() => _journal.Apply(new WalletRecord.LabelSet($"addr:{address}", text)), cancellationToken);

    /// <summary>Sets coins aside until they are released or the time is over.</summary>
    /// <param name="outPoints">Coins of the wallet that nothing spends and no other lease holds.</param>
    /// <param name="duration">How long; null for until released.</param>
    /// <param name="purpose">For people.</param>
    /// <param name="cancellationToken">Ends the wait for other changes.</param>
    public async Task<Result<WalletLease, Refusal>> LeaseAsync(IReadOnlyList<OutPoint> outPoints, TimeSpan? duration, string purpose, CancellationToken cancellationToken)
    {
        Result<WalletLease, Refusal> result = new Refusal("outpoints", "are none");
        await ChangeAsync(
            () =>
            {
                var coins = WalletViews.Coins(State, Now).ToDictionary(static coin => coin.OutPoint);
                foreach (var outPoint in outPoints)
                {
                    if (!coins.TryGetValue(outPoint, out var coin))
                        result = new Refusal("outpoints", $"{outPoint} is no unspent coin of this wallet");
                    else if (coin.Lease is { } other)
                        result = new Refusal("outpoints", $"{outPoint} is set aside already, by {other}");
                    else
                        continue;
                    return;
                }

                if (outPoints.Count > 0)
                    result = TakeLease(outPoints, duration, purpose);
            },
            cancellationToken);
        return result;
    }

    /// <summary>Frees the coins of a lease. One that is over or was never taken is free already.</summary>
    public Task ReleaseAsync(string leaseId, CancellationToken cancellationToken) =>
        ChangeAsync(
            () =>
            {
                if (State.Leases.ContainsKey(leaseId))
                    _journal.Apply(new WalletRecord.LeaseReleased(leaseId));
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _master?.Dispose();
        await _store.DisposeAsync();
        _gate.Dispose();
    }

    private static Result<ImmutableArray<WalletRecord>, Refusal> Records(WalletCreation creation, ExtendedPrivateKey? master, IEntropy entropy, WalletOptions options, long now)
    {
        var records = ImmutableArray.CreateBuilder<WalletRecord>();
        records.Add(new WalletRecord.Created(creation.Network.Name, now, creation.Birthday, creation.GapLimit));
        var id = 0;
        if (creation.Seed is not null && master is not null)
        {
            if (creation.Passphrase is null)
                return new Refusal("passphrase", "is not decided: give one, or say that there is none");
            if (!creation.Seed.Seal(creation.Passphrase, creation.Network, entropy, options.SealCost).TryGet(out var seed, out var refusal))
                return refusal;
            records.Add(seed);
            foreach (var kind in creation.Accounts.Distinct())
            {
                if (kind == WalletAccountKind.Descriptor)
                    return new Refusal("accounts", "of a seed are BIP 84 or BIP 86");
                if (!WalletAccount.FromSeed(id++, kind, creation.AccountNumber, master, creation.Network).TryGet(out var account, out refusal))
                    return refusal;
                records.Add(account);
            }
        }

        foreach (var descriptor in creation.Descriptors)
        {
            if (!WalletAccount.FromDescriptor(id++, descriptor, creation.Network).TryGet(out var account, out var refusal))
                return refusal;
            records.Add(account);
        }

        return id > 0 ? records.ToImmutable() : new Refusal("wallet", "has neither accounts nor descriptors");
    }

    private Refusal? OpenSeed(WalletPassphrase passphrase)
    {
        if (!RevealSeed(passphrase).TryGet(out var seed, out var refusal))
            return refusal;
        using (seed)
        {
            if (!seed.ToMaster(Network).TryGet(out var master, out refusal))
                return refusal;
            lock (_sync)
            {
                _master?.Dispose();
                _master = master;
            }
        }

        _changes.Pulse();
        return null;
    }

    private WalletLease TakeLease(IReadOnlyList<OutPoint> outPoints, TimeSpan? duration, string purpose)
    {
        Span<byte> id = stackalloc byte[16];
        _entropy.Fill(id);
        var ends = duration is { } time ? Now + (long)Math.Ceiling(time.TotalSeconds) : (long?)null;
        var record = new WalletRecord.LeaseTaken(Convert.ToHexStringLower(id), [.. outPoints], ends, purpose);
        _journal.Apply(record);
        return new WalletLease(record.Id, [.. outPoints], ends is { } end ? DateTimeOffset.FromUnixTimeSeconds(end) : null, purpose);
    }

    /// <summary>One change: memory under the readers' lock, then one commit.</summary>
    private async Task ChangeAsync(Action change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            lock (_sync)
                change();
            await _journal.CommitAsync();
        }
        finally
        {
            _gate.Release();
        }

        _changes.Pulse();
        InterruptForRescan();
    }
}
