using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Records;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Bitcoin.Wallets.State;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets;

/// <content>Spending: every signed transaction is stored before the first node sees it.</content>
public sealed partial class Wallet
{
    /// <summary>
    /// Pays: chooses coins, signs, asks the node whether it would take the transaction, stores it, and broadcasts it. A node that goes away
    /// after it was stored gets it later.
    /// </summary>
    public async Task<Result<Transaction, Refusal>> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        if (await PrepareAsync(request.Feerate, request.TargetBlocks, cancellationToken) is var (feerate, refusal) && refusal is not null)
            return refusal;
        return await SpendAsync(
            planner => planner.Plan(request, feerate),
            replaces: null,
            plan => StoreBeside(plan, request.LeaseId, request.Label),
            parent: null,
            cancellationToken);
    }

    /// <summary>
    /// Prepares a payment and sets its coins aside: for a signer elsewhere, or a transaction that must not be sent yet, like the funding of
    /// a channel. <see cref="CommitAsync(Transaction, string?, CancellationToken)"/> sends it, <see cref="ReleaseAsync"/> gives it up.
    /// </summary>
    public async Task<Result<WalletDraft, Refusal>> BuildAsync(SendRequest request, CancellationToken cancellationToken)
    {
        if (await PrepareAsync(request.Feerate, request.TargetBlocks, cancellationToken) is var (feerate, refusal) && refusal is not null)
            return refusal;

        Result<WalletDraft, Refusal> result = new Refusal("request", "was not looked at");
        await ChangeAsync(
            () =>
            {
                if (!Planner().Plan(request, feerate).TryGet(out var plan, out var problem))
                {
                    result = problem;
                    return;
                }

                var psbt = ToPsbt(plan);
                Transaction? signed = null;
                if (_master is not null && plan.Inputs.All(input => State.Accounts[input.Place.Account].HasKeys) && !Sign(psbt).TryGet(out signed, out problem))
                {
                    result = problem;
                    return;
                }

                IssueChange(plan);
                if (request.LeaseId is { } old && State.Leases.ContainsKey(old))
                    _journal.Apply(new WalletRecord.LeaseReleased(old));
                var lease = TakeLease([.. plan.Inputs.Select(static input => input.OutPoint)], _options.DraftLease, request.Label ?? "draft");
                result = new WalletDraft(psbt, signed, plan.Fee, plan.ChangeIndex, plan.Algorithm, lease.Id, lease.ExpiresAt!.Value);
            },
            cancellationToken);
        return result;
    }

    /// <summary>Signs what the wallet has keys for in any PSBT: fills in scripts and origins of its own inputs, and adds signatures.</summary>
    public Result<PsbtSigning, Refusal> SignPsbt(PartiallySignedTransaction psbt, PsbtSigningOptions? options = null)
    {
        lock (_sync)
        {
            if (_master is null)
                return LockedRefusal();
            var updated = psbt;
            for (var i = 0; i < psbt.Inputs.Length; i++)
            {
                // What the wallet knows of its own coins outweighs what the PSBT says.
                if (!State.Outputs.TryGetValue(psbt.UnsignedTransaction.PreviousOutput(i), out var output) || psbt.Inputs[i].IsFinal)
                    continue;
                if (psbt.SpentOutput(i) is { } claimed && claimed != output.Output)
                    return new Refusal($"inputs[{i}]", "says another amount or script than the wallet's own coin has");
                updated = updated.WithInput(i, State.Branch(output.Place).Derive(output.Place.Index).Update(updated.Inputs[i]));
            }

            updated = PsbtUpdater.AddPreviousTransactions(updated, FindPrevious);
            return PsbtSigner.Sign(updated, new HierarchicalKeySource(_master), _entropy, options);
        }
    }

    /// <summary>Sends a PSBT that was signed elsewhere: finalises and extracts it, stores it, broadcasts it.</summary>
    public async Task<Result<Transaction, Refusal>> CommitAsync(PartiallySignedTransaction psbt, string? leaseId, CancellationToken cancellationToken)
    {
        var final = PsbtFinalizer.Complete(psbt);
        if (!final.IsComplete)
            return final.Problems[0];
        return PsbtFinalizer.Extract(final.Psbt).TryGet(out var transaction, out var refusal)
            ? await CommitAsync(transaction, leaseId, cancellationToken)
            : refusal;
    }

    /// <summary>Sends a signed transaction that spends this wallet's coins: stores it and broadcasts it. The draft's lease ends.</summary>
    public async Task<Result<Transaction, Refusal>> CommitAsync(Transaction transaction, string? leaseId, CancellationToken cancellationToken)
    {
        if (await RequireSyncedAsync(cancellationToken) is { } refusal)
            return refusal;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            lock (_sync)
            {
                var isSpend = transaction.Inputs.Any(input => State.Outputs.ContainsKey(input.PreviousOutput));
                if (!isSpend)
                    return new Refusal("transaction", "spends no coin of this wallet");
            }

            void Release()
            {
                if (leaseId is not null && State.Leases.ContainsKey(leaseId))
                    _journal.Apply(new WalletRecord.LeaseReleased(leaseId));
            }

            return await StoreAndBroadcastAsync(transaction, fee: null, replaces: null, Release, parent: null, cancellationToken);
        }
        finally
        {
            _gate.Release();
            _changes.Pulse();
        }
    }

    /// <summary>
    /// Replaces an unconfirmed transaction of this wallet by one that pays the same recipients and a higher fee (BIP 125): it pays more in
    /// all, and for its own relay. What it adds comes out of change, or out of further confirmed coins.
    /// </summary>
    public async Task<Result<Transaction, Refusal>> BumpFeeAsync(TxId id, FeeratePerKvB feerate, CancellationToken cancellationToken)
    {
        if (await PrepareAsync(feerate, targetBlocks: 1, cancellationToken) is var (_, refusal) && refusal is not null)
            return refusal;
        return await SpendAsync(planner => PlanReplacement(planner, id, feerate), replaces: id, plan => StoreBeside(plan, leaseId: null, label: null), parent: null, cancellationToken);
    }

    /// <summary>
    /// Spends what an unconfirmed transaction pays this wallet, so that both together reach a feerate: for a payment whose sender was stingy.
    /// A parent that the mempool does not take alone is offered together with the child.
    /// </summary>
    public async Task<Result<Transaction, Refusal>> ChildPaysForParentAsync(TxId parentId, FeeratePerKvB feerate, CancellationToken cancellationToken)
    {
        if (await PrepareAsync(feerate, targetBlocks: 1, cancellationToken) is var (_, refusal) && refusal is not null)
            return refusal;

        TransactionEntry? parent;
        lock (_sync)
            State.Transactions.TryGetValue(parentId, out parent);
        if (parent is null)
            return new Refusal("parent", $"{parentId} is not this wallet's");
        if (parent.Fee is null && (await _chain.BroadcastAsync(parent.Transaction, cancellationToken)).TryGet(out var verdict))
        {
            lock (_sync)
                parent.Fee ??= verdict.Fee;
        }

        return await SpendAsync(planner => PlanChild(planner, parent, feerate), replaces: null, plan => StoreBeside(plan, leaseId: null, label: null), parent, cancellationToken);
    }

    /// <summary>
    /// Gives up an unconfirmed transaction of this wallet that is not in the mempool: its coins can be spent again. It may confirm all the
    /// same if a node somewhere has it.
    /// </summary>
    public async Task<Refusal?> AbandonAsync(TxId id, CancellationToken cancellationToken)
    {
        Refusal? refusal = null;
        await ChangeAsync(
            () =>
            {
                if (!State.Transactions.TryGetValue(id, out var entry))
                    refusal = new Refusal("transaction", $"{id} is not this wallet's");
                else if (entry.IsConfirmed)
                    refusal = new Refusal("transaction", $"{id} is in a block");
                else if (entry.IsInMempool)
                    refusal = new Refusal("transaction", $"{id} is in the mempool and may confirm at any time: replace it instead");
                else if (!entry.IsAbandoned)
                    _journal.Apply(new WalletRecord.TransactionAbandoned(id));
            },
            cancellationToken);
        return refusal;
    }

    private SpendPlanner Planner() => new(State, new WalletJudgement(State), _options, _entropy, Now);

    /// <summary>Waits for the tip and settles the feerate.</summary>
    private async Task<(FeeratePerKvB Feerate, Refusal? Refusal)> PrepareAsync(FeeratePerKvB? asked, int targetBlocks, CancellationToken cancellationToken)
    {
        if (await RequireSyncedAsync(cancellationToken) is { } refusal)
            return (default, refusal);
        if (!(await _chain.GetMempoolMinimumAsync(cancellationToken)).TryGet(out var minimum, out var error))
            return (default, new Refusal("chain", error.Reason));

        if (asked is not { } feerate)
        {
            var estimate = await _chain.EstimateFeeAsync(targetBlocks, cancellationToken);
            if (estimate.TryGet(out feerate, out error))
                feerate = feerate > minimum ? feerate : minimum;
            else if (error.Kind == ChainErrorKind.NotAvailable && _options.FallbackFeerate is { } fallback)
                feerate = fallback > minimum ? fallback : minimum;
            else
                return (default, new Refusal("feerate", error.Kind == ChainErrorKind.NotAvailable ? "cannot be estimated yet: name one" : error.Reason));
        }

        if (feerate < minimum)
            return (default, new Refusal("feerate", $"of {feerate.Value} sat/kvB is below what the mempool takes now, {minimum.Value} sat/kvB"));
        return feerate > _options.FeerateMax
            ? (default, new Refusal("feerate", $"of {feerate.Value} sat/kvB is above this wallet's bound of {_options.FeerateMax.Value} sat/kvB"))
            : (feerate, null);
    }

    private async Task<Refusal?> RequireSyncedAsync(CancellationToken cancellationToken)
    {
        var deadline = _time.GetTimestamp();
        while (true)
        {
            var changed = NextChange;
            var status = Status;
            if (status.IsSynced)
                return null;
            var left = _options.SyncWaitMax - _time.GetElapsedTime(deadline);
            if (left <= TimeSpan.Zero || !IsRunning)
                return new Refusal("chain", $"is not synced: {status.Problem}; spending now could spend what is spent already");

            // The source's tip may move without a change of the wallet.
            await Wait.ForAsync(changed, left < TimeSpan.FromMilliseconds(100) ? left : TimeSpan.FromMilliseconds(100), _time, cancellationToken);
        }
    }

    [SuppressMessage("Performance", "CA1822", Justification = "Reads as a part of the wallet's state.")]
    private Refusal LockedRefusal() =>
        State.Seed is null ? new Refusal("wallet", "only watches: build a PSBT and have it signed elsewhere") : new Refusal("wallet", "is locked: unlock it with its passphrase");

    /// <summary>Plans, signs, stores and broadcasts, with no other change of the wallet in between.</summary>
    private async Task<Result<Transaction, Refusal>> SpendAsync(
        Func<SpendPlanner, Result<SpendPlan, Refusal>> makePlan, TxId? replaces, Action<SpendPlan> beside, TransactionEntry? parent, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            SpendPlan? plan;
            Transaction? signed;
            lock (_sync)
            {
                if (_master is null)
                    return LockedRefusal();
                if (!makePlan(Planner()).TryGet(out plan, out var refusal) || !Sign(ToPsbt(plan)).TryGet(out signed, out refusal))
                    return refusal;
            }

            return await StoreAndBroadcastAsync(signed, plan.Fee, replaces, () => beside(plan), parent, cancellationToken);
        }
        finally
        {
            _gate.Release();
            _changes.Pulse();
        }
    }

    private async Task<Result<Transaction, Refusal>> StoreAndBroadcastAsync(
        Transaction transaction, Satoshis? fee, TxId? replaces, Action beside, TransactionEntry? parent, CancellationToken cancellationToken)
    {
        var needsPackage = parent is { IsConfirmed: false, IsInMempool: false };
        if (!needsPackage)
        {
            if (!(await _chain.TestAcceptAsync(transaction, cancellationToken)).TryGet(out var test, out var error))
                return new Refusal("chain", error.Reason);
            if (!test.IsAccepted)
                return new Refusal("transaction", $"is not taken by the node: {test.RejectReason}");
            fee ??= test.Fee;
        }

        lock (_sync)
        {
            // Its change address first: one that was not handed out would look like another wallet's doing.
            beside();
            _journal.Apply(new WalletRecord.TransactionAdded(transaction, Now, IsOwn: true, fee, replaces));
        }

        await _journal.CommitAsync();

        // From here on the payment is made: it reaches the network now or later, whatever becomes of the caller.
        var (isAnswered, isAccepted, reason) = needsPackage ? await BroadcastPackageAsync(parent!.Transaction, transaction) : await BroadcastAsync(transaction);
        if (!isAnswered)
        {
            lock (_sync)
                SetInMempool(transaction.TxId, isInMempool: false);
            return transaction;
        }

        if (isAccepted)
        {
            lock (_sync)
            {
                SetInMempool(transaction.TxId, isInMempool: true);
                if (needsPackage)
                    SetInMempool(parent!.TxId, isInMempool: true);
            }

            return transaction;
        }

        lock (_sync)
            _journal.Apply(new WalletRecord.TransactionAbandoned(transaction.TxId));
        await _journal.CommitAsync();
        return new Refusal("transaction", $"is not taken by the node: {reason}");
    }

    private async Task<(bool IsAnswered, bool IsAccepted, string? Reason)> BroadcastAsync(Transaction transaction) =>
        (await _chain.BroadcastAsync(transaction, CancellationToken.None)).TryGet(out var verdict) ? (true, verdict.IsAccepted, verdict.RejectReason) : (false, false, null);

    private async Task<(bool IsAnswered, bool IsAccepted, string? Reason)> BroadcastPackageAsync(Transaction parent, Transaction child) =>
        (await _chain.BroadcastPackageAsync([parent, child], CancellationToken.None)).TryGet(out var verdict)
            ? (true, verdict.IsAccepted, verdict.Transactions.FirstOrDefault(static one => !one.IsAccepted)?.RejectReason ?? verdict.Reason)
            : (false, false, null);

    /// <summary>What is stored together with a spend.</summary>
    private void StoreBeside(SpendPlan plan, string? leaseId, string? label)
    {
        IssueChange(plan);
        if (leaseId is not null && State.Leases.ContainsKey(leaseId))
            _journal.Apply(new WalletRecord.LeaseReleased(leaseId));
        if (!string.IsNullOrEmpty(label))
        {
            var id = plan.Transaction.TxId;
            _journal.Apply(new WalletRecord.LabelSet($"tx:{id}", label));
        }
    }

    private void IssueChange(SpendPlan plan)
    {
        if (plan.ChangePlace is { } place && place.Index >= State.Branch(place).NextIndex)
            _journal.Apply(new WalletRecord.AddressIssued(place));
    }

    private PartiallySignedTransaction ToPsbt(SpendPlan plan)
    {
        var psbt = PartiallySignedTransaction.Create(plan.Transaction).Value;
        for (var i = 0; i < plan.Inputs.Length; i++)
        {
            var place = plan.Inputs[i].Place;
            psbt = psbt.WithInput(i, State.Branch(place).Derive(place.Index).Update(psbt.Inputs[i]));
        }

        if (plan is { ChangeIndex: { } index, ChangePlace: { } changePlace })
            psbt = psbt.WithOutput(index, State.Branch(changePlace).Derive(changePlace.Index).Update(psbt.Outputs[index]));
        return PsbtUpdater.AddPreviousTransactions(psbt, FindPrevious);
    }

    private Transaction? FindPrevious(TxId id) => State.Transactions.TryGetValue(id, out var entry) ? entry.Transaction : null;

    private Result<Transaction, Refusal> Sign(PartiallySignedTransaction psbt)
    {
        if (!PsbtSigner.Sign(psbt, new HierarchicalKeySource(_master!), _entropy).TryGet(out var signing, out var refusal))
            return refusal;
        var final = PsbtFinalizer.Complete(signing.Psbt);
        return final.IsComplete ? PsbtFinalizer.Extract(final.Psbt) : final.Problems[0];
    }

    private Result<SpendPlan, Refusal> PlanReplacement(SpendPlanner planner, TxId id, FeeratePerKvB feerate)
    {
        var judgement = new WalletJudgement(State);
        if (!State.Transactions.TryGetValue(id, out var entry) || !entry.IsOwn)
            return new Refusal("transaction", $"{id} was not made by this wallet");
        if (entry.IsConfirmed)
            return new Refusal("transaction", $"{id} is in a block");
        if (entry.ReplacedBy is { } next)
            return new Refusal("transaction", $"{id} was replaced by {next}: bump that one");
        if (judgement.IsDead(entry))
            return new Refusal("transaction", $"{id} can't confirm any more");
        if (judgement.UnconfirmedDescendants(entry).FirstOrDefault() is { } child)
            return new Refusal("transaction", $"{id} has been spent from by {child.TxId}, which a replacement would undo: bump that one, or let a child pay");
        if (judgement.Fee(entry) is not { } oldFee)
            return new Refusal("transaction", $"{id} spends coins that are not this wallet's; its fee is not known");

        var oldRate = FeeratePerKvB.Of(oldFee, entry.Transaction.VirtualSize);
        if (feerate <= oldRate)
            return new Refusal("feerate", $"of {feerate.Value} sat/kvB is not above the {oldRate.Value} sat/kvB that it pays now");

        var inputs = entry.Transaction.Inputs.Select(input => State.Outputs[input.PreviousOutput]).ToArray();
        var change = entry.Transaction.Outputs.Select((output, i) => (output, i))
            .FirstOrDefault(pair => State.IsOurs(pair.output.ScriptPubKey, out var place) && place.IsChange, (default, -1)).i;
        var outputs = entry.Transaction.Outputs.Where((_, i) => i != change).ToArray();
        var place = change >= 0 && State.IsOurs(entry.Transaction.Output(change).ScriptPubKey, out var known) ? known : ChangePlace(inputs[0].Place.Account);
        Satoshis Fee(long weight)
        {
            var size = (weight + 3) / 4;
            var byRate = feerate.FeeFor(size);
            var byRule = oldFee + _options.IncrementalFeerate.FeeFor(size);
            return byRate > byRule ? byRate : byRule;
        }

        return planner.PlanAround(inputs, outputs, place, Fee, feerate, entry.Transaction.Version, mayAdd: true);
    }

    private Result<SpendPlan, Refusal> PlanChild(SpendPlanner planner, TransactionEntry parent, FeeratePerKvB feerate)
    {
        var judgement = new WalletJudgement(State);
        if (parent.IsConfirmed)
            return new Refusal("parent", $"{parent.TxId} is in a block");
        if (judgement.IsDead(parent))
            return new Refusal("parent", $"{parent.TxId} can't confirm any more");
        var coins = State.Outputs.Values.Where(output => output.Parent == parent && judgement.Spender(output.OutPoint) is null).ToArray();
        if (coins.Length == 0)
            return new Refusal("parent", $"{parent.TxId} has no unspent output of this wallet");

        var family = judgement.UnconfirmedAncestors(parent).Append(parent).ToArray();
        if (Array.Find(family, member => judgement.Fee(member) is null) is { } unknown)
            return new Refusal("parent", $"the fee of {unknown.TxId} is known neither to this wallet nor to its chain source");
        var paid = family.Aggregate(Satoshis.Zero, (sum, member) => sum + judgement.Fee(member)!.Value);
        long size = family.Sum(static member => member.Transaction.VirtualSize);
        var reached = FeeratePerKvB.Of(paid, size);
        if (feerate <= reached)
            return new Refusal("feerate", $"of {feerate.Value} sat/kvB is not above the {reached.Value} sat/kvB that it has");

        Satoshis Fee(long weight) => feerate.FeeFor(size + ((weight + 3) / 4)) - paid;
        var account = coins[0].Place.Account;
        var isTruc = parent.Transaction.Version == Policy.TrucPolicy.Version;
        return planner.PlanAround(coins, [], ChangePlace(account), Fee, feerate, isTruc ? Policy.TrucPolicy.Version : 2, mayAdd: true);
    }

    private ScriptPlace ChangePlace(int account)
    {
        var branch = State.Accounts[account].ChangeBranch;
        return branch.Place(branch.Descriptor.IsRanged ? branch.NextIndex : 0);
    }
}
