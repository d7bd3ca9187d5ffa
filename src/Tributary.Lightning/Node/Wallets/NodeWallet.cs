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
    public async Task<(IReadOnlyList<FeeCoin> Coins, Script ChangeScript)> LeaseForFeesAsync(OutPoint purpose, Satoshis amount, FeeratePerKw feerate, CancellationToken cancellationToken)
    {
        var change = await NewScriptAsync("change of a channel's fees", cancellationToken);
        await ReleaseFeesAsync(purpose, cancellationToken);
        var chosen = new List<FeeCoin>();
        var reached = Satoshis.Zero;
        var coins = wallet.ListUnspent()
            .Where(static coin => coin is { Confirmations: > 0, IsImmature: false, Lease: null } && IsP2wpkh(coin.Output.ScriptPubKey))
            .Select(static coin => new FeeCoin(coin.OutPoint, coin.Output, P2wpkhSatisfactionWeight))
            .OrderByDescending(static coin => coin.Output.Value);
        foreach (var coin in coins)
        {
            if (reached >= amount)
                break;
            if (coin.EffectiveValue(feerate) <= Satoshis.Zero)
                break;
            chosen.Add(coin);
            reached += coin.EffectiveValue(feerate);
        }

        if (reached < amount || chosen.Count == 0)
            return ([], change);
        var lease = await wallet.LeaseAsync([.. chosen.Select(static coin => coin.OutPoint)], duration: null, FeePurpose + purpose, cancellationToken);
        return lease.IsOk ? (chosen, change) : ([], change);
    }

    /// <summary>Frees what was set aside for fees.</summary>
    public async Task ReleaseFeesAsync(OutPoint purpose, CancellationToken cancellationToken)
    {
        if (LeaseOf(FeePurpose + purpose) is { } lease)
            await wallet.ReleaseAsync(lease, cancellationToken);
    }

    /// <summary>Leases for fees that serve none of these purposes: a process ended before it could give them back.</summary>
    public IReadOnlyList<string> FindIdleFeeLeases(IEnumerable<OutPoint> purposes)
    {
        var inUse = purposes.Select(static purpose => FeePurpose + purpose).ToHashSet(StringComparer.Ordinal);
        return [.. wallet.Leases.Where(lease => lease.Purpose.StartsWith(FeePurpose, StringComparison.Ordinal) && !inUse.Contains(lease.Purpose)).Select(static lease => lease.Id)];
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

    private static bool IsP2wpkh(Script script) => script.Span is [0x00, 0x14, ..] && script.Length == 22;

    private string? LeaseOf(string purpose) => wallet.Leases.FirstOrDefault(lease => string.Equals(lease.Purpose, purpose, StringComparison.Ordinal))?.Id;
}
