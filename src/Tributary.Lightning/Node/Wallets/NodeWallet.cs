using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Wallets;

/// <summary>
/// What the node wants of its wallet: fundings that are built and not broadcast, confirmed coins for fees, and a reserve that nothing else
/// spends. Leases are found by their purpose, so that a restart knows them again.
/// </summary>
public sealed class NodeWallet(Wallet wallet)
{
    private const string FundingPurpose = "channel ";
    private const string FeePurpose = "fees for ";

    /// <summary>Witness of P2WPKH with its count: two items, a signature of at most 72 bytes and a key.</summary>
    private const int P2wpkhSatisfactionWeight = 1 + 1 + 72 + 1 + 33;

    /// <summary>The wallet itself.</summary>
    public Wallet Wallet => wallet;

    /// <summary>Confirmed, mature and not set aside.</summary>
    public Satoshis ConfirmedFree =>
        wallet.ListUnspent().Where(static coin => coin is { Confirmations: > 0, IsImmature: false, Lease: null }).Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Output.Value);

    /// <summary>A script that pays the wallet, stored before it is handed out.</summary>
    public async Task<Script> NewScriptAsync(string label, CancellationToken cancellationToken)
    {
        var address = await wallet.NewAddressAsync(WalletAccountKind.Bip84, label, cancellationToken);
        return address.TryGet(out var issued, out var refusal) ? issued.Address.ScriptPubKey : throw new InvalidOperationException($"The wallet has no address to give: {refusal}");
    }

    /// <summary>Builds and signs a channel's funding; its coins are set aside and nothing is broadcast.</summary>
    public async Task<Result<Transaction, Refusal>> BuildFundingAsync(string channel, Script script, Satoshis amount, FeeratePerKw feerate, CancellationToken cancellationToken)
    {
        await ReleaseFundingAsync(channel, cancellationToken);
        var request = new SendRequest
        {
            Outputs = [new SendOutput(script, amount)],
            Feerate = feerate.ToPerKvB(),
            Label = FundingPurpose + channel,
            // A funding that others can make invalid is none: only what is in blocks is spent.
            SpendsUnconfirmed = false,
        };
        if (!(await wallet.BuildAsync(request, cancellationToken)).TryGet(out var draft, out var refusal))
            return refusal;
        if (draft.Transaction is { } transaction)
            return transaction;
        await wallet.ReleaseAsync(draft.LeaseId, cancellationToken);
        return new Refusal("wallet", "can't sign: unlock it, or give it its seed");
    }

    /// <summary>Broadcasts a funding; once it was stored the wallet offers it to the network again and again.</summary>
    public async Task<Refusal?> BroadcastFundingAsync(string channel, Transaction transaction, CancellationToken cancellationToken)
    {
        if (wallet.FindTransaction(transaction.TxId) is { State: not WalletTransactionState.Abandoned })
            return null;
        return (await wallet.CommitAsync(transaction, LeaseOf(FundingPurpose + channel), cancellationToken)).TryGet(out _, out var refusal) ? null : refusal;
    }

    /// <summary>Frees the coins of a funding that will not be.</summary>
    public async Task ReleaseFundingAsync(string channel, CancellationToken cancellationToken)
    {
        if (LeaseOf(FundingPurpose + channel) is { } lease)
            await wallet.ReleaseAsync(lease, cancellationToken);
    }

    /// <summary>Sets confirmed coins aside that pay an amount after paying for their own inputs; none where the wallet has too little.</summary>
    /// <param name="purpose">What they are for.</param>
    /// <param name="amount">Satoshis.</param>
    /// <param name="feerate">Of their inputs.</param>
    /// <param name="held">What was set aside for the same purpose and is counted on: it stays so.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(IReadOnlyList<FeeCoin> Coins, Script ChangeScript)> LeaseForFeesAsync(
        OutPoint purpose, Satoshis amount, FeeratePerKw feerate, IReadOnlyCollection<OutPoint> held, CancellationToken cancellationToken)
    {
        var change = await NewScriptAsync("change of a channel's fees", cancellationToken);
        var own = LeasesOf(FeePurpose + purpose);
        var chosen = new List<FeeCoin>();
        var reached = Satoshis.Zero;

        // What an earlier run set aside for this, and nobody was told of, is taken before all else.
        var coins = wallet.ListUnspent()
            .Where(coin => coin is { Confirmations: > 0, IsImmature: false } && IsP2wpkh(coin.Output.ScriptPubKey)
                && (coin.Lease is null || (own.Contains(coin.Lease) && !held.Contains(coin.OutPoint))))
            .OrderByDescending(static coin => coin.Lease is not null)
            .ThenByDescending(static coin => coin.Output.Value)
            .Select(static coin => (Coin: new FeeCoin(coin.OutPoint, coin.Output, P2wpkhSatisfactionWeight), IsLeased: coin.Lease is not null))
            .ToList();
        foreach (var (coin, _) in coins)
        {
            if (reached >= amount)
                break;
            if (coin.EffectiveValue(feerate) <= Satoshis.Zero)
                continue;
            chosen.Add(coin);
            reached += coin.EffectiveValue(feerate);
        }

        if (reached < amount || chosen.Count == 0)
            return ([], change);
        OutPoint[] fresh = [.. coins.Where(one => !one.IsLeased && chosen.Contains(one.Coin)).Select(static one => one.Coin.OutPoint)];
        return fresh.Length == 0 || (await wallet.LeaseAsync(fresh, duration: null, FeePurpose + purpose, cancellationToken)).IsOk ? (chosen, change) : ([], change);
    }

    /// <summary>
    /// Can a coin that was set aside for fees still pay them? It can't when a reorganisation took what made it out of the chain, when something
    /// else has spent it, or when it is no longer set aside. Only asked while the wallet knows the chain up to its tip.
    /// </summary>
    public bool IsSound(OutPoint purpose, FeeCoin coin)
    {
        if (wallet.FindTransaction(coin.OutPoint.TxId) is not { State: WalletTransactionState.Confirmed })
            return false;
        if (wallet.ListUnspent().FirstOrDefault(one => one.OutPoint == coin.OutPoint) is { } unspent)
            return unspent.Lease is { } lease && LeasesOf(FeePurpose + purpose).Contains(lease);

        // Spent: by the claim itself, which spends what it is for too.
        return !wallet.Transactions.Any(one => one.State == WalletTransactionState.Confirmed && Spends(one.Transaction, coin.OutPoint) && !Spends(one.Transaction, purpose));
    }

    /// <summary>Frees what was set aside for fees.</summary>
    public async Task ReleaseFeesAsync(OutPoint purpose, CancellationToken cancellationToken)
    {
        foreach (var lease in LeasesOf(FeePurpose + purpose))
            await wallet.ReleaseAsync(lease, cancellationToken);
    }

    /// <summary>Leases of this class that serve nothing any more: a process ended before it could give them back.</summary>
    /// <param name="purposes">What fees are still needed for.</param>
    /// <param name="channels">Channels that there are.</param>
    public IReadOnlyList<string> FindIdleLeases(IEnumerable<OutPoint> purposes, IEnumerable<string> channels)
    {
        var inUse = purposes.Select(static purpose => FeePurpose + purpose).Concat(channels.Select(static channel => FundingPurpose + channel)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. wallet.Leases.Where(lease => !inUse.Contains(lease.Purpose)
                && (lease.Purpose.StartsWith(FeePurpose, StringComparison.Ordinal) || lease.Purpose.StartsWith(FundingPurpose, StringComparison.Ordinal))).Select(static lease => lease.Id),
        ];
    }

    /// <summary>Frees the coins of leases.</summary>
    public async Task ReleaseAsync(IReadOnlyList<string> leases, CancellationToken cancellationToken)
    {
        foreach (var lease in leases)
            await wallet.ReleaseAsync(lease, cancellationToken);
    }

    /// <summary>Signs the wallet's inputs of a claim; the others have their witnesses already.</summary>
    public Result<Transaction, Refusal> Sign(ClaimTransaction claim)
    {
        if (claim.Coins.Count == 0)
            return claim.Transaction;
        var bare = claim.Transaction.WithInputs([.. claim.Transaction.Inputs.Select(static input => input with { Witness = Witness.Empty })]);
        if (!PartiallySignedTransaction.Create(bare).TryGet(out var psbt, out var refusal))
            return refusal;
        for (var i = 0; i < bare.InputCount; i++)
        {
            if (claim.Coins.FirstOrDefault(coin => coin.OutPoint == bare.PreviousOutput(i)) is { } coin)
                psbt = psbt.WithInput(i, psbt.Inputs[i] with { WitnessUtxo = coin.Output });
        }

        if (!wallet.SignPsbt(psbt).TryGet(out var signing, out refusal))
            return refusal;
        var final = PsbtFinalizer.Complete(signing.Psbt).Psbt;
        var inputs = claim.Transaction.Inputs.ToArray();
        for (var i = 0; i < inputs.Length; i++)
        {
            if (final.Inputs[i].FinalScriptWitness is { } witness)
                inputs[i] = inputs[i] with { Witness = witness };
            else if (inputs[i].Witness.Count == 0)
                return new Refusal("wallet", $"can't sign for {inputs[i].PreviousOutput}: is it locked?");
        }

        return claim.Transaction.WithInputs(inputs);
    }

    private static bool Spends(Transaction transaction, OutPoint outPoint)
    {
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (transaction.PreviousOutput(i) == outPoint)
                return true;
        }

        return false;
    }

    private static bool IsP2wpkh(Script script) => script.Span is [0x00, 0x14, ..] && script.Length == 22;

    private string? LeaseOf(string purpose) => LeasesOf(purpose).FirstOrDefault();

    private HashSet<string> LeasesOf(string purpose) =>
        wallet.Leases.Where(lease => string.Equals(lease.Purpose, purpose, StringComparison.Ordinal)).Select(static lease => lease.Id).ToHashSet(StringComparer.Ordinal);
}
