using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Tributary.Bitcoin.Chain;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Swaps.Wallets;
using Tributary.Rollup.Wallets;

namespace Tributary.Rollup.Swaps.Providing;

/// <summary>
/// The provider's side of swaps: offers them at a fee, sets money aside for those that were asked for, and carries out what <see cref="SwapMachine"/> says. A
/// swap is on disk before its client gets the terms. Whoever follows the chain calls <see cref="Observe"/> and <see cref="StepAsync"/>, one at a time; questions
/// come on any thread and are answered by the next step.
/// </summary>
public sealed class SwapProvider : IAsyncDisposable
{
    // What waits for an answer; more are refused.
    private const int QueueMax = 64;

    // A commitment with its post of a claim or refund, and a claim on Bitcoin: what a swap may need at the highest feerate.
    private const long PostVirtualSize = 700;

    // Of a payment into a contract, and of a claim of one.
    private const long SpendVirtualSize = 160;

    // Blocks after which the folder of a swap goes that was never begun: a week.
    private const int ForgottenBlocks = 1_008;

    private readonly RollupWallet _wallet;
    private readonly Func<RollupReplica> _replica;
    private readonly IRollupOperator _operator;
    private readonly IChainSource _chain;
    private readonly SwapProviderOptions _options;
    private readonly IEntropy _entropy;
    private readonly TimeProvider _time;
    private readonly Dictionary<Bytes32, ProvidedSwap> _swaps = [];
    private readonly ConcurrentDictionary<Bytes32, SwapProgressView> _progress = [];
    private readonly Channel<Question> _questions = Channel.CreateBounded<Question>(new BoundedChannelOptions(QueueMax) { FullMode = BoundedChannelFullMode.Wait });
    private readonly Dictionary<Bytes32, LapsedSwap> _lapsed = [];
    private readonly AccountId _account;
    private volatile SwapOfferView _offer;
    private long _lastLook;
    private bool _hasLooked;

    private SwapProvider(
        RollupWallet wallet, AccountId account, Func<RollupReplica> replica, IRollupOperator rollupOperator, IChainSource chain, SwapProviderOptions options, IEntropy entropy, TimeProvider time)
    {
        (_wallet, _account, _replica, _operator, _chain, _options, _entropy, _time) = (wallet, account, replica, rollupOperator, chain, options, entropy, time);
        _offer = Offer(0, 0, Satoshis.Zero, "the operator looks through blocks: ask again shortly");
    }

    private string Root => Path.Combine(_wallet.Folder, "provided");

    /// <summary>The wallet has looked through the chain.</summary>
    public bool IsSynced => _wallet.Coins.Status.IsSynced;

    /// <summary>What is offered now. Safe for all threads.</summary>
    public SwapOfferView Describe() => _offer;

    /// <summary>How far a swap is; null where there is none. Safe for all threads.</summary>
    public SwapProgressView? Find(Bytes32 hash) => _progress.GetValueOrDefault(hash);

    /// <summary>Opens the provider of a wallet, and the swaps that it has under way.</summary>
    /// <param name="wallet">Its money on both sides, unlocked; it owns the wallet from here on.</param>
    /// <param name="replica">The rollup out of blocks and proofs, as it is now.</param>
    /// <param name="rollupOperator">Takes its operations.</param>
    /// <param name="chain">The caller's.</param>
    /// <param name="options">What it offers.</param>
    /// <param name="entropy">For signatures and nonces.</param>
    /// <param name="time">The clock.</param>
    public static async Task<Result<SwapProvider, Refusal>> OpenAsync(
        RollupWallet wallet, Func<RollupReplica> replica, IRollupOperator rollupOperator, IChainSource chain, SwapProviderOptions options, IEntropy entropy, TimeProvider time)
    {
        if (wallet.Accounts.FirstOrDefault() is not { Number: { } number })
            return new Refusal("--swaps", $"{wallet.Folder} holds a wallet without an account: 'tributary rollup wallet accounts --new' opens one while the rollup runs without --swaps");
        var provider = new SwapProvider(wallet, new AccountId(number), replica, rollupOperator, chain, options, entropy, time);
        foreach (var path in SwapFolder.List(provider.Root))
        {
            if (!SwapFolder.Open(path, entropy).TryGet(out var folder, out var refusal))
            {
                await provider.CloseSwapsAsync();
                return refusal;
            }

            await provider.TakeUpAsync(folder);
        }

        return provider;
    }

    /// <summary>Follows the chain with the wallet until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _wallet.Coins.RunAsync(cancellationToken);

    /// <summary>Agrees on a swap; the same request again gets the same terms. Safe for all threads.</summary>
    public async Task<Result<SwapTermsView, Refusal>> AgreeAsync(SwapRequest request, CancellationToken cancellationToken) =>
        (await AskAsync(() => TermsForAsync(request, cancellationToken), cancellationToken)).Then<SwapTermsView>(static answer => (SwapTermsView)answer);

    /// <summary>Gives up a swap in which nothing is locked, for a client that shows its preimage. Safe for all threads.</summary>
    public async Task<Result<SwapProgressView, Refusal>> CancelAsync(Bytes32 hash, Bytes32 preimage, CancellationToken cancellationToken) =>
        (await AskAsync(() => CancelNowAsync(hash, preimage), cancellationToken)).Then<SwapProgressView>(static answer => (SwapProgressView)answer);

    /// <summary>Shows it a change of the chain.</summary>
    public void Observe(ChainEvent change)
    {
        foreach (var swap in _swaps.Values)
            swap.Runner.Observe(change);
    }

    /// <summary>Answers what was asked, and does what is due at the tip that the replica has seen.</summary>
    /// <param name="hasMoved">A block has come since the last time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task StepAsync(bool hasMoved, CancellationToken cancellationToken)
    {
        var isTime = hasMoved || !_hasLooked || _time.GetElapsedTime(_lastLook) >= _options.Tick;
        if (isTime)
        {
            (_hasLooked, _lastLook) = (true, _time.GetTimestamp());
            foreach (var (hash, swap) in _swaps.ToList())
            {
                if ((await swap.Runner.StepAsync(cancellationToken)).TryGet(out var step, out var problem))
                    (swap.Step, swap.Problem) = (step, null);
                else
                    swap.Problem = problem;
                _progress[hash] = swap.Describe(_replica().NextHeight - 1);
                if (swap.Memory.Outcome is null)
                    continue;
                _ = _swaps.Remove(hash);
                NoteLapsed(hash, swap.Memory);
                await swap.DisposeAsync();
            }

            Forget();
        }

        if (isTime || _questions.Reader.TryPeek(out _))
            await LookAsync(cancellationToken);
        while (_questions.Reader.TryRead(out var question))
        {
            _ = question.Answer.TrySetResult(question.IsGone ? new Refusal("swaps", "was asked for too long ago") : await question.Ask());
            await LookAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _questions.Writer.Complete();
        while (_questions.Reader.TryRead(out var question))
            _ = question.Answer.TrySetResult(new Refusal("rollup", "has stopped"));
        await CloseSwapsAsync();
        await _wallet.DisposeAsync();
    }

    private async Task CloseSwapsAsync()
    {
        foreach (var swap in _swaps.Values)
            await swap.DisposeAsync();
        _swaps.Clear();
    }

    private async Task<Result<object, Refusal>> AskAsync(Func<Task<Result<object, Refusal>>> ask, CancellationToken cancellationToken)
    {
        var question = new Question(ask, new TaskCompletionSource<Result<object, Refusal>>(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        return _questions.Writer.TryWrite(question)
            ? await question.Answer.Task.WaitAsync(cancellationToken)
            : new Refusal("sequencer", "has too many questions about swaps to answer: ask again shortly");
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The swap owns its party.")]
    private async Task TakeUpAsync(SwapFolder folder)
    {
        // Written down, and never agreed on: the client asks again, or does not.
        if (folder.Journal.Memory is not { } memory)
        {
            await folder.DisposeAsync();
            return;
        }

        if (memory.Outcome is { } outcome)
        {
            _progress[folder.Hash] = ProvidedSwap.Describe(folder, outcome, _replica().NextHeight - 1, null);
            NoteLapsed(folder.Hash, memory);
            await folder.DisposeAsync();
            return;
        }

        if (!_options.TakesNew && !memory.HasLocked)
            _ = await folder.Journal.AbortAsync();
        var party = new WalletSwapParty(_wallet, _operator, _chain, folder, _options.FeerateMax, _entropy);
        var swap = new ProvidedSwap(folder, party, new SwapRunner(folder.Journal, _replica, folder.File.FirstHeight, party, _entropy));
        _swaps[folder.Hash] = swap;
        _progress[folder.Hash] = swap.Describe(0);
    }

    private void NoteLapsed(Bytes32 hash, SwapMemory memory)
    {
        if (memory is { Outcome: SwapStep.Unlocked, HasLocked: false })
            _lapsed[hash] = new LapsedSwap(memory.Terms.Client.Value, memory.Terms.FirstLockBy(memory.Margins));
    }

    // To ask for swaps must not fill the disk: one that nobody began leaves nothing behind but its count, and that for a while.
    private void Forget()
    {
        var tip = _replica().NextHeight - 1;
        foreach (var (hash, lapsed) in _lapsed.Where(one => tip >= one.Value.Height + Math.Max(ForgottenBlocks, _options.Limits.LapsedBlocks)).ToList())
        {
            _ = _lapsed.Remove(hash);
            _ = _progress.TryRemove(hash, out _);
            try
            {
                Directory.Delete(Path.Combine(Root, hash.ToString()), recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Nothing depends on it: the next start tries again.
            }
        }
    }

    private List<PromisedSwap> Promised(int tip) => [.. _swaps.Values.Select(swap => new PromisedSwap(swap.Memory.Terms.Client.Value, swap.Memory.Terms.OnChain, swap.IsWaiting(tip)))];

    // What there is on both sides, less what is set aside.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var tip = _replica().NextHeight - 1;
        if (!_options.TakesNew)
        {
            _offer = Offer(0, 0, Satoshis.Zero, "no new swaps are taken");
            return;
        }

        if (!(await _operator.FindAccountAsync(_account.Value, cancellationToken)).TryGet(out var account, out var refusal)
            || !(await ChainCostAsync(cancellationToken)).TryGet(out var cost, out refusal))
        {
            _offer = Offer(0, 0, Satoshis.Zero, refusal.ToString());
            return;
        }

        var waiting = _swaps.Values.Where(swap => swap.IsWaiting(tip)).Select(static swap => swap.Memory.Terms).ToList();
        var promised = Promised(tip);
        var reserve = _options.FeerateMax.FeeFor(PostVirtualSize).Value;
        var money = (long)Math.Min(account.BalanceSat, long.MaxValue) - waiting.Where(static terms => terms.Direction == SwapDirection.In).Sum(static terms => terms.OnRollup.Value);
        var coins = _wallet.Coins.Balance.Spendable.Value - ((_swaps.Count + 1) * reserve);
        var coinsFree = coins - waiting.Where(static terms => terms.Direction == SwapDirection.Out).Sum(static terms => terms.OnChain.Value + SpendVirtualSize);
        var problem = coins < 0 ? $"holds too few bitcoins for what a swap may need: {reserve} sat for each are kept"
            : _options.Limits.CheckAll(promised, _lapsed.Values, tip)?.ToString();
        var free = _options.Limits.FreeOf(promised);
        _offer = problem is null ? Offer(Bound(Math.Min(money, free)), Bound(Math.Min(coinsFree, free)), cost, null) : Offer(0, 0, cost, problem);
    }

    private long Bound(long free) => free < _options.AmountMin.Value ? 0 : Math.Min(free, _options.AmountMax.Value);

    private SwapOfferView Offer(long inMax, long outMax, Satoshis cost, string? problem) => new(
        problem is null && Math.Max(inMax, outMax) > 0, _account.Value, _options.AmountMin.Value, inMax, outMax, (_options.FeeBase + cost).Value, _options.FeePpm, _options.QuoteBlocks,
        SwapFile.Write(_options.Margins), _swaps.Count, problem ?? (Math.Max(inMax, outMax) > 0 ? null : "has no money for a swap in either direction"));

    private async Task<Result<Satoshis, Refusal>> ChainCostAsync(CancellationToken cancellationToken)
    {
        if ((await _chain.EstimateFeeAsync(3, cancellationToken)).TryGet(out var feerate, out _) || (await _chain.GetMempoolMinimumAsync(cancellationToken)).TryGet(out feerate, out var away))
            return feerate.FeeFor(SpendVirtualSize);
        return new Refusal("chain", away.Reason);
    }

    private async Task<Result<object, Refusal>> TermsForAsync(SwapRequest request, CancellationToken cancellationToken)
    {
        if (request.Direction is not ("in" or "out"))
            return new Refusal("direction", "is in or out");
        if (!Bytes32.TryParse(request.Hash ?? "", out var hash) || !Bytes32.TryParse(request.Key ?? "", out var key))
            return new Refusal("hash", "and key are 64 hex digits each");
        var path = Path.Combine(Root, hash.ToString());
        if (SwapFile.IsIn(path) && await FindAgreedAsync(path, hash, request) is { } known)
            return known.Then<object>(static terms => terms);
        var offer = _offer;
        var most = request.Direction is "in" ? offer.InMax : offer.OutMax;
        if (!offer.IsOpen || most == 0)
            return new Refusal("swaps", offer.Problem ?? $"nothing goes {request.Direction} now: ask again later");
        if (request.AmountSat < offer.AmountMin || request.AmountSat > most)
            return new Refusal("amount", $"from {offer.AmountMin} to {most} sat go {request.Direction} now");
        var tip = _replica().NextHeight - 1;
        if (_options.Limits.Check(request.Account, new Satoshis(request.AmountSat), Promised(tip), _lapsed.Values, tip) is { } tooMuch)
            return tooMuch;
        if (!(await _operator.FindAccountAsync(request.Account, cancellationToken)).TryGet(out _, out var unknown))
            return unknown;
        return (await AgreeAsync(request, hash, key, tip, cancellationToken)).Then<object>(static terms => terms);
    }

    private async Task<Result<SwapTermsView, Refusal>> AgreeAsync(SwapRequest request, Bytes32 hash, Bytes32 key, int tip, CancellationToken cancellationToken)
    {
        var direction = request.Direction is "in" ? SwapDirection.In : SwapDirection.Out;
        var path = Path.Combine(Root, hash.ToString());
        SwapFolder? folder;
        if (SwapFile.IsIn(path))
        {
            if (!SwapFolder.Open(path, _entropy).TryGet(out folder, out var damaged))
                return damaged;
        }
        else
        {
            if (!(await SwapFolder.DraftAsync(_wallet, direction, request.AmountSat, _options.Margins, tip, _entropy, cancellationToken)).TryGet(out var draft, out var refusal))
                return refusal;
            var file = draft with { Hash = hash.ToString(), ClientAccount = request.Account, ClientKey = key.ToString(), IsAccepted = true };
            if (!SwapFolder.Create(Root, file, _entropy).TryGet(out folder, out refusal))
                return refusal;
        }

        var fee = _offer.FeeSat + (long)(((Int128)request.AmountSat * _options.FeePpm + 999_999) / 1_000_000);
        using var own = _wallet.SwapKey(folder.Nonce);
        var ownKey = own.PublicKey.ToXOnly(out _).ToBytes32();
        var timeouts = SwapTerms.TimeoutsFor(direction, _options.Margins, tip + _options.QuoteBlocks);
        var terms = new SwapTerms(
            _wallet.Rollup, direction, hash, new Satoshis(request.AmountSat), new Satoshis(direction == SwapDirection.In ? request.AmountSat - fee : request.AmountSat + fee),
            new AccountId(request.Account), _account, direction == SwapDirection.In ? ownKey : key, direction == SwapDirection.In ? key : ownKey, timeouts.Bitcoin, timeouts.Rollup);
        if (await folder.Journal.BeginAsync(new SwapMemory(SwapRole.Provider, terms, _options.Margins, null), tip) is { } misfit)
        {
            await folder.DisposeAsync();
            Directory.Delete(path, recursive: true);
            return misfit;
        }

        await TakeUpAsync(folder);
        CatchUp(_swaps[hash]);
        return SwapTermsView.Of(terms, _options.Margins);
    }

    // Blocks before the agreement hold nothing of it, since nobody knew the contract; a reorganisation may come back to their heights.
    private void CatchUp(ProvidedSwap swap) => swap.Runner.SkipTo(_replica().NextHeight);

    private async Task<Result<SwapTermsView, Refusal>?> FindAgreedAsync(string path, Bytes32 hash, SwapRequest request)
    {
        SwapFile? file;
        SwapMemory? memory;
        if (_swaps.TryGetValue(hash, out var live))
        {
            (file, memory) = (live.Folder.File, live.Memory);
        }
        else
        {
            if (!SwapFolder.Open(path, _entropy).TryGet(out var folder, out var damaged))
                return damaged;
            await using (folder)
                (file, memory) = (folder.File, folder.Journal.Memory);
        }

        var isSame = string.Equals(file.Direction, request.Direction, StringComparison.Ordinal)
            && file.AmountSat == request.AmountSat && file.ClientAccount == request.Account && string.Equals(file.ClientKey, request.Key, StringComparison.OrdinalIgnoreCase);
        if (!isSame)
            return new Refusal("hash", "is that of another swap: draw another");
        if (memory is null)
            return null;
        return memory.Outcome is null && !memory.IsAborted ? SwapTermsView.Of(memory.Terms, memory.Margins) : new Refusal("hash", "is that of a swap that is over: draw another");
    }

    private async Task<Result<object, Refusal>> CancelNowAsync(Bytes32 hash, Bytes32 preimage)
    {
        if (new Bytes32(System.Security.Cryptography.SHA256.HashData(preimage.Span)) != hash)
            return new Refusal("preimage", "does not hash to the swap's hash");
        if (!_swaps.TryGetValue(hash, out var swap))
            return Find(hash) is { } over ? over : new Refusal("swap", $"{hash} is none that was agreed on");
        if (swap.Memory.HasLocked)
            return new Refusal("swap", "is locked for already: what is locked goes to its end");
        if (await swap.Folder.Journal.AbortAsync() is { } refusal)
            return refusal;
        return _progress[hash] = swap.Describe(_replica().NextHeight - 1);
    }

    private sealed record Question(Func<Task<Result<object, Refusal>>> Ask, TaskCompletionSource<Result<object, Refusal>> Answer, CancellationToken Asker)
    {
        internal bool IsGone => Asker.IsCancellationRequested;
    }
}
