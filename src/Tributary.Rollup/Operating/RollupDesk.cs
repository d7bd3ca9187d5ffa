using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Scripts;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Sequencing;

namespace Tributary.Rollup.Operating;

/// <summary>What callers from outside ask of a rollup that runs. Safe for many threads; every answer is bounded.</summary>
/// <param name="service">The service.</param>
public sealed class RollupDesk(RollupService service)
{
    /// <summary>The longest operation with its signature that is taken: as long as one that is forced may be.</summary>
    public const int OperationLengthMax = ForcedPost.OperationLengthMax;

    private const int PageMax = 1_000;
    private const uint AssetsMax = 256;

    private static readonly TimeSpan s_openWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_openPoll = TimeSpan.FromMilliseconds(20);

    private static readonly Refusal s_notYet = new("rollup", "does not stand on Bitcoin yet: its beginning waits for a block");

    /// <summary>The rollup and how far it is.</summary>
    public RollupView Describe()
    {
        var folder = service.Folder;
        var genesis = folder.Genesis;
        var sequencer = service.Sequencer;
        var prover = service.Prover;
        lock (service.Gate)
        {
            var replica = service.Replica;
            var vault = StandardScripts.P2tr(genesis.Vault.Span);
            return new RollupView
            {
                Rollup = folder.Rollup?.ToString() ?? "",
                Network = folder.File.Network,
                Parameters = folder.File.Parameters,
                VerifyingKey = genesis.VerificationKey.ToString(),
                Operator = genesis.Operator.ToString(),
                Vault = Address.TryFromScript(vault, folder.Network, out var address) ? address.ToString() : genesis.Vault.ToString(),
                GenesisHeight = replica.Chain.Beginning?.Height,
                FromHeight = folder.File.FromHeight,
                FeeMinSat = service.Options.FeeMin,
                DepositMinSat = SeenDeposit.AmountMin.Value,
                Depth = service.Options.Operator.Depth,
                Height = replica.NextHeight - 1,
                ActedHeight = service.ActedHeight,
                RollupHeight = sequencer?.OpenBatch?.Height ?? 0,
                OpenBatch = sequencer?.OpenNumber ?? 0,
                OpenOperations = sequencer?.OpenOperations ?? 0,
                ClosedBatch = sequencer?.Last?.Number ?? 0,
                AnchoredBatch = Anchored(replica),
                ProvenBatch = Proven(replica),
                Segments = replica.SegmentCount,
                ProvenSegments = replica.ProvenSegments,
                Root = sequencer?.Root.ToString(),
                AnchoredRoot = replica.Ledger?.Root.ToString(),
                ProvenRoot = replica.Ledger is null ? null : replica.ProvenRoot.ToString(),
                Revocations = sequencer?.Revoked(0) is { Count: > 0 } revoked ? revoked[^1].Number : 0,
                Prover = prover is null ? null : new ProverView(prover.Waiting, prover.Segment, prover.Stage, prover.Share, prover.Proven),
                WalletSat = folder.Wallet.Balance.Spendable.Value,
                Problem = service.Problem,
            };
        }
    }

    /// <summary>Takes an operation with its signature, in the bytes of a forced post. The same bytes again get the same receipt.</summary>
    public Task<Result<ReceiptView, Refusal>> SubmitAsync(ReadOnlyMemory<byte> operation) => SubmitAsync(operation, waits: true);

    /// <summary>The same for whoever opens batches, and must not wait for one to be open.</summary>
    internal async Task<Result<ReceiptView, Refusal>> SubmitAsync(ReadOnlyMemory<byte> operation, bool waits)
    {
        if (service.Sequencer is not { } sequencer)
            return s_notYet;
        if (operation.Length > OperationLengthMax)
            return new Refusal("operation", $"is longer than {OperationLengthMax} bytes");
        if (!ForcedOperation.Read(operation).TryGet(out var read, out var garbage))
            return garbage;
        if (sequencer.FindReceipt(Receipt.DigestOf(read.Request)) is { } known)
            return View(known);
        Task<Result<Receipt, Refusal>> Take() => sequencer.SubmitAsync(read.Request, read.Signature);
        return (waits ? await WhenOpenAsync(Take) : await Take()).TryGet(out var receipt, out var refusal) ? View(receipt) : refusal;
    }

    /// <summary>Opens an account at the operator's expense; a key that has one gets that.</summary>
    public async Task<Result<RegistrationView, Refusal>> RegisterAsync(RegistrationRequest request)
    {
        if (service.Sequencer is not { } sequencer)
            return s_notYet;
        var parameters = new KeyParameters(KeyParameters.Xmss, request.LogLifetime);
        if (!Bytes32.TryParse(request.KeyRoot, out var root) || !KeyParameters.IsRoot(root) || !parameters.IsValid)
            return new Refusal("key_root", "is no root of a key: 64 hex digits, with log_lifetime from 1 to 31");
        if (sequencer.FindKey(root) is { } account)
            return new RegistrationView(account.Value, null);
        if (!(await WhenOpenAsync(() => sequencer.RegisterAsync(new RegisterAccount(root, parameters)))).TryGet(out var receipt, out var refusal))
            return refusal;
        return sequencer.FindKey(root) is { } opened ? new RegistrationView(opened.Value, View(receipt)) : new Refusal("account", "was opened and taken back by a reorganisation: ask again");
    }

    /// <summary>An account by its number; null where there is none.</summary>
    public AccountView? FindAccount(uint number)
    {
        if (service.Sequencer is not { } sequencer)
            return null;
        var id = new AccountId(number);
        var leaf = sequencer.FindAccount(id);
        if (leaf.IsEmpty)
            return null;
        AccountLeaf anchored = default;
        Amount balance = default;
        lock (service.Gate)
        {
            if (service.Replica.Ledger?.Engine.State is { } state)
            {
                anchored = state.Read(FinanceLeaves.Accounts, number);
                balance = state.Read(FinanceLeaves.Balances, BalanceLeaf.Address(id, AssetId.Bitcoin)).Amount;
            }
        }

        return new AccountView(
            number,
            leaf.KeyRoot.ToString(),
            leaf.Key.LogLifetime,
            leaf.NextIndex,
            anchored.IsEmpty ? null : anchored.KeyRoot.ToString(),
            anchored.NextIndex,
            (ulong)sequencer.FindBalance(id, AssetId.Bitcoin).Units,
            (ulong)balance.Units,
            Assets(sequencer, id));
    }

    /// <summary>The account of a key; null where there is none.</summary>
    public AccountView? FindKey(Bytes32 keyRoot) => service.Sequencer?.FindKey(keyRoot) is { } account ? FindAccount(account.Value) : null;

    /// <summary>What has become of an operation.</summary>
    public OperationView FindOperation(Bytes32 operation)
    {
        if (service.Sequencer is not { } sequencer)
            return new OperationView(operation.ToString(), "unknown", null, null, null);
        if (sequencer.Find(operation) is { } place)
        {
            lock (service.Gate)
                return new OperationView(operation.ToString(), StateOf(place.Batch, "taken"), place.Batch, place.Position, null);
        }

        return sequencer.Revoked(0).LastOrDefault(revoked => revoked.Operation == operation) is { } gone
            ? new OperationView(operation.ToString(), "revoked", null, null, new ErrorView(gone.Why.Field, gone.Why.Reason))
            : new OperationView(operation.ToString(), "unknown", null, null, null);
    }

    /// <summary>Batches that were closed, in order.</summary>
    /// <param name="after">The last of the page before; 0 for the first page.</param>
    /// <param name="limit">At most so many.</param>
    public BatchesView ListBatches(ulong after, int limit)
    {
        var batches = service.Sequencer?.Closed.Where(batch => batch.Header.Number > after).Take(Math.Clamp(limit, 1, PageMax)).ToList() ?? [];
        lock (service.Gate)
        {
            return new BatchesView([.. batches.Select(batch => new BatchView(
                batch.Header.Number, StateOf(batch.Header.Number, "closed"), batch.Header.Height, batch.Header.RootBefore.ToString(), batch.Header.RootAfter.ToString(), batch.Header.Segments, batch.Body.Length))]);
        }
    }

    /// <summary>Receipts that are void.</summary>
    /// <param name="after">The last that is known; 0 for none.</param>
    public RevocationsView ListRevocations(ulong after) => new([.. (service.Sequencer?.Revoked(after) ?? []).Take(PageMax).Select(static revoked =>
        new RevocationView(revoked.Number, revoked.Operation.ToString(), revoked.Request.Authorisation?.Account.Value, new ErrorView(revoked.Why.Field, revoked.Why.Reason)))]);

    /// <summary>The claims that there are proofs of.</summary>
    public ProofsView ListProofs(Bytes32? after, int limit) => new(service.Proofs.Count, [.. service.Proofs.List(after, Math.Clamp(limit, 1, PageMax)).Select(static claim => claim.ToString())]);

    internal static ReceiptView View(Receipt receipt) => new(
        receipt.Rollup.ToString(), receipt.Batch, receipt.Position, receipt.Operation.ToString(), Convert.ToHexStringLower(receipt.Signature.Span));

    // Between one batch and the next there is a moment, which is the operator's affair and not the caller's.
    private async Task<Result<Receipt, Refusal>> WhenOpenAsync(Func<Task<Result<Receipt, Refusal>>> take)
    {
        var since = service.Time.GetTimestamp();
        while (true)
        {
            var taken = await take();
            if (taken.IsOk || taken.Error != Sequencer.NotOpen || service.Time.GetElapsedTime(since) > s_openWait)
                return taken;
            await Task.Delay(s_openPoll, service.Time);
        }
    }

    private static List<AssetBalanceView> Assets(Sequencer sequencer, AccountId account)
    {
        var assets = new List<AssetBalanceView>();
        for (var asset = 1u; asset < Math.Min(sequencer.AssetCount, AssetsMax); asset++)
        {
            if (sequencer.FindBalance(account, new AssetId(asset)) is { IsZero: false } amount)
                assets.Add(new AssetBalanceView(asset, amount.ToString()));
        }

        return assets;
    }

    private static ulong Anchored(RollupReplica replica) => replica.Batches.LastOrDefault()?.Header.Number ?? 0;

    private static ulong Proven(RollupReplica replica)
    {
        var segments = 0ul;
        var proven = 0ul;
        foreach (var batch in replica.Batches)
        {
            segments += (ulong)batch.Segments.Count;
            if (segments > replica.ProvenSegments)
                break;
            proven = batch.Header.Number;
        }

        return proven;
    }

    private string StateOf(ulong batch, string otherwise) =>
        batch <= Proven(service.Replica) ? "proven" : batch <= Anchored(service.Replica) ? "anchored" : otherwise;
}
