using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Finance.Htlcs;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Wallets;

namespace Tributary.Rollup.Swaps.Wallets;

/// <summary>A party of a swap that has a rollup wallet: its account and its coins on Bitcoin. One owner, the wallet's.</summary>
public sealed class WalletSwapParty : ISwapParty, IDisposable
{
    // Blocks after which a post that waits pays more.
    private const int PatienceBlocks = 2;

    private readonly RollupWallet _wallet;
    private readonly IRollupOperator _operator;
    private readonly IChainSource _chain;
    private readonly SwapFolder _swap;
    private readonly SecretKey _postKey;
    private readonly Anchorer _anchorer;
    private readonly ContractFunding _funding;
    private readonly Dictionary<string, int> _posts = new(StringComparer.Ordinal);

    /// <summary>A party.</summary>
    /// <param name="wallet">Its wallet, unlocked; the caller's.</param>
    /// <param name="rollupOperator">Takes its operations.</param>
    /// <param name="chain">The caller's.</param>
    /// <param name="swap">The swap; the caller's.</param>
    /// <param name="feerateMax">The most that a post on Bitcoin may ever pay.</param>
    /// <param name="entropy">For signatures.</param>
    public WalletSwapParty(RollupWallet wallet, IRollupOperator rollupOperator, IChainSource chain, SwapFolder swap, FeeratePerKvB feerateMax, IEntropy entropy)
    {
        (_wallet, _operator, _chain, _swap) = (wallet, rollupOperator, chain, swap);
        Key = wallet.SwapKey(swap.Nonce);
        Destination = swap.Destination(wallet);
        _postKey = wallet.PostKey();
        _anchorer = new Anchorer(wallet.Coins, chain, _postKey, entropy, feerateMax);
        _funding = new ContractFunding(wallet.Coins, chain, feerateMax);
    }

    /// <inheritdoc/>
    public SecretKey Key { get; }

    /// <inheritdoc/>
    public Script Destination { get; }

    /// <summary>Post claims and refunds at once where the operator does not answer, instead of when time gets short.</summary>
    public bool ForcesAtOnce { get; init; }

    /// <summary>What the wallet knows a payment into a swap's contract by.</summary>
    public static string LabelOf(SwapTerms terms) => $"swap {terms.Hash}";

    /// <summary>Has the wallet made the payment into the contract on Bitcoin? It is stored before any node sees it.</summary>
    public static bool HasFunded(Wallet coins, SwapTerms terms) => ContractFunding.Find(coins, LabelOf(terms)) is not null;

    /// <inheritdoc/>
    public async ValueTask<Result<FeeratePerKvB, Refusal>> FeerateAsync(int blocks, CancellationToken cancellationToken)
    {
        if ((await _chain.EstimateFeeAsync(Math.Max(1, blocks), cancellationToken).ConfigureAwait(false)).TryGet(out var feerate, out _)
            || (await _chain.GetMempoolMinimumAsync(cancellationToken).ConfigureAwait(false)).TryGet(out feerate, out var away))
            return feerate;
        return new Refusal("chain", away.Reason);
    }

    /// <inheritdoc/>
    public Task<Refusal?> FundAsync(Script contract, Satoshis amount, string label, CancellationToken cancellationToken) => _funding.PayAsync(contract, amount, label, cancellationToken);

    /// <inheritdoc/>
    public async Task<Refusal?> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (!(await _chain.BroadcastAsync(transaction, cancellationToken).ConfigureAwait(false)).TryGet(out var verdict, out var error))
            return new Refusal("chain", error.Reason);
        return verdict.IsAccepted || IsThereAlready(verdict) ? null : new Refusal("chain", $"{transaction.TxId} was refused by the node: {verdict.RejectReason}");
    }

    /// <inheritdoc/>
    public async Task<Result<ForcedOperation, Refusal>> SignLockAsync(LockHtlc operation, uint expiry, CancellationToken cancellationToken)
    {
        var what = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{operation.Amount} sat into swap {_swap.Hash}");
        if (!(await _wallet.SignHeldAsync(_operator, _swap.File.Place, operation, expiry, what, cancellationToken).ConfigureAwait(false)).TryGet(out var held, out var refusal))
            return refusal;
        return ForcedOperation.Read(held.Bytes);
    }

    /// <inheritdoc/>
    public async Task<Refusal?> SubmitAsync(ForcedOperation operation, CancellationToken cancellationToken)
    {
        if (operation.Request.Authorisation is not null)
            return await _wallet.HandInHeldAsync(_operator, Receipt.DigestOf(operation.Request), cancellationToken).ConfigureAwait(false);
        if ((await _operator.SubmitAsync(operation.Write(), cancellationToken).ConfigureAwait(false)).TryGet(out _, out var refusal))
            return null;
        return ForcesAtOnce && refusal.Field is "--rollup" ? await PostAsync(operation, cancellationToken).ConfigureAwait(false) : refusal;
    }

    /// <inheritdoc/>
    public async Task<Refusal?> PostAsync(ForcedOperation operation, CancellationToken cancellationToken)
    {
        if (!(await _chain.GetTipAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var tip, out var error))
            return new Refusal("chain", error.Reason);
        var bytes = operation.Write();
        var name = Convert.ToHexStringLower(bytes);
        var isLate = _posts.TryGetValue(name, out var since) && tip.Height - since >= PatienceBlocks;
        var envelope = new Envelope(EnvelopeKind.Forced, ForcedPost.Payload(_wallet.Rollup, bytes), _postKey.PublicKey.ToXOnly(out _).ToBytes32());
        if (!(await _anchorer.PostAsync(envelope, null, makesAnchor: false, isLate, cancellationToken).ConfigureAwait(false)).TryGet(out _, out var refusal))
            return refusal;
        if (isLate || since == 0)
            _posts[name] = tip.Height;
        return null;
    }

    public void Dispose()
    {
        Key.Dispose();
        _postKey.Dispose();
    }

    // The same spend with another signature, or at the same feerate after a restart: the first one is there.
    private static bool IsThereAlready(MempoolVerdict verdict) => verdict.RejectReason is { } reason
        && (reason.Contains("insufficient fee", StringComparison.Ordinal) || reason.Contains("same-nonwitness-data", StringComparison.Ordinal) || reason.Contains("already", StringComparison.Ordinal));
}
