using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Signatures;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Wallets;

/// <summary>
/// A wallet of a rollup in a folder: words, coins on Bitcoin, accounts with their keys, and the journal of one-time keys, which is written before
/// anything is signed. An operation is on disk before it is handed in, and handed in again with the same bytes until there is an answer. One owner.
/// </summary>
public sealed class RollupWallet : IAsyncDisposable
{
    // One-time keys that are left when the key is rotated: more than a restore jumps over, twice.
    private const uint RotateLeft = 4 * SigningIndex.Window;

    private const uint RestoreGenerations = 4;

    /// <summary>What a person reads of a rotation.</summary>
    public const string RotationWords = "another key for the account";

    // Blocks for which the operator may take an operation.
    private const uint LifetimeBlocks = 144;

    private readonly IEntropy _entropy;
    private readonly RollupSeed _seed;
    private readonly SigningJournal _journal;
    private readonly WalletBook _book;
    private readonly Dictionary<(uint Place, uint Generation), XmssKey> _keys = [];
    private readonly Dictionary<XmssPublicKey, SigningIndex> _indices = [];

    private RollupWallet(string folder, WalletFile file, Wallet coins, RollupSeed seed, SigningJournal journal, WalletBook book, IEntropy entropy)
    {
        (Folder, File, Coins, _seed, _journal, _book, _entropy) = (folder, file, coins, seed, journal, book, entropy);
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Which rollup it belongs to.</summary>
    public WalletFile File { get; }

    /// <summary>Its coins on Bitcoin.</summary>
    public Wallet Coins { get; }

    /// <summary>The rollup's id.</summary>
    public Bytes32 Rollup => Bytes32.TryParse(File.Rollup, out var id) ? id : default;

    /// <summary>Its accounts.</summary>
    public IReadOnlyCollection<WalletAccount> Accounts => _book.Accounts;

    /// <summary>What it signed, in order.</summary>
    public IEnumerable<WalletOperation> Operations => _book.Operations;

    /// <summary>The key that shows what it posts on Bitcoin; the caller's to dispose of.</summary>
    public SecretKey PostKey() => _seed.PostKey();

    /// <summary>The key of a swap's contract on Bitcoin; the caller's to dispose of.</summary>
    public SecretKey SwapKey(ReadOnlySpan<byte> nonce) => _seed.SwapKey(nonce);

    /// <summary>What this wallet draws for a swap of which it is the client.</summary>
    public Bytes32 SwapPreimage(ReadOnlySpan<byte> nonce) => _seed.SwapPreimage(nonce);

    /// <summary>Makes a wallet's folder. No account is opened yet.</summary>
    /// <param name="folder">An empty folder, or none.</param>
    /// <param name="rollup">What the operator says of the rollup: it is pinned.</param>
    /// <param name="address">Where the operator is.</param>
    /// <param name="logLifetime">log2 of the one-time keys of each key.</param>
    /// <param name="words">The words; the caller's.</param>
    /// <param name="passphrase">Seals them at rest.</param>
    /// <param name="birthday">The tip for words that are new; null looks for coins in the whole chain.</param>
    /// <param name="chain">The chain of the coins; the caller's.</param>
    /// <param name="entropy">For ids.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<RollupWallet, Refusal>> CreateAsync(
        string folder,
        RollupView rollup,
        Uri address,
        byte logLifetime,
        WalletSeed words,
        WalletPassphrase passphrase,
        ChainTip? birthday,
        IChainSource chain,
        IEntropy entropy,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!BitcoinNetwork.TryParse(rollup.Network, out var network) || !Bytes32.TryParse(rollup.Rollup, out _) || !Bytes32.TryParse(rollup.Operator, out _))
            return new Refusal("--rollup", "names a network, an id or a key that can't be");
        var created = await CoinWallet.CreateAsync(folder, network, words, passphrase, birthday, chain, entropy, time, cancellationToken);
        if (!created.TryGet(out var coins, out var refusal))
            return refusal;
        var file = new WalletFile
        {
            Network = network.Name,
            Rollup = rollup.Rollup,
            Operator = rollup.Operator,
            Vault = rollup.Vault,
            Address = address.ToString(),
            FromHeight = rollup.FromHeight,
            LogLifetime = logLifetime,
        };
        file.Write(folder);
        return await OpenRestAsync(folder, file, coins, passphrase, entropy);
    }

    /// <summary>Opens a wallet's folder.</summary>
    public static async Task<Result<RollupWallet, Refusal>> OpenAsync(
        string folder, WalletPassphrase passphrase, IChainSource? chain, IEntropy entropy, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!WalletFile.Read(folder).TryGet(out var file, out var refusal))
            return refusal;
        _ = BitcoinNetwork.TryParse(file.Network, out var network);
        var opened = await CoinWallet.OpenAsync(folder, network!, passphrase, chain ?? new NoChain(network!), entropy, time, cancellationToken);
        return opened.TryGet(out var coins, out refusal) ? await OpenRestAsync(folder, file, coins, passphrase, entropy) : refusal;
    }

    /// <summary>Opens the next account with the operator, at the operator's expense. One whose registration was not answered is taken up again.</summary>
    public async Task<Result<WalletAccount, Refusal>> OpenAccountAsync(IRollupOperator rollupOperator, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var place = Accounts.LastOrDefault() is { } last ? (last.Number is null ? last.Place : last.Place + 1) : 0;
        var key = await KeyAsync(place, 0, progress, cancellationToken);
        var request = new RegistrationRequest(key.PublicKey.Root.ToString(), key.PublicKey.Parameters.LogLifetime);
        if (!(await rollupOperator.RegisterAsync(request, cancellationToken)).TryGet(out var registered, out var refusal))
            return refusal;
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Registered, Account = place, Number = registered.Account });
        return _book.Find(place)!;
    }

    /// <summary>Takes over an account that the words had before: its place, number and the generation of its key, found on Bitcoin.</summary>
    /// <param name="place">The account's place.</param>
    /// <param name="number">Its number in the rollup.</param>
    /// <param name="generation">Of the key that it has on Bitcoin.</param>
    /// <param name="anchoredNextIndex">The least index that may sign, on Bitcoin: what lies within the window after it may have signed already.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Refusal?> AdoptAsync(uint place, uint number, uint generation, uint anchoredNextIndex, CancellationToken cancellationToken)
    {
        using var key = AccountKey.Make(_seed, place, generation, File.LogLifetime, null, cancellationToken);

        // Into the journal first, as restored: if this ends here, the key can only ever be resumed as such.
        if (!_journal.Keys.Contains(key.PublicKey) && !(await _journal.RestoreAsync(key.PublicKey, anchoredNextIndex, cancellationToken)).TryGet(out _, out var refusal))
            return refusal;
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Key, Account = place, Generation = generation, KeyRoot = key.PublicKey.Root.ToString() });
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Registered, Account = place, Number = number });
        return null;
    }

    /// <summary>The root of a key of these words, made for nothing but to be looked for.</summary>
    public Bytes32 RootOf(uint place, uint generation, CancellationToken cancellationToken)
    {
        using var key = AccountKey.Make(_seed, place, generation, File.LogLifetime, null, cancellationToken);
        return key.PublicKey.Root;
    }

    /// <summary>
    /// Signs an operation of an account, and hands it in. A key that is nearly used up, or was restored, is rotated first. The answer may be lost: then
    /// <see cref="ResendAsync"/> hands the same bytes in again.
    /// </summary>
    /// <param name="rollupOperator">The operator.</param>
    /// <param name="place">The account's place in this wallet.</param>
    /// <param name="operation">What is to happen.</param>
    /// <param name="feeSat">What the operator gets, in satoshis; null for its least.</param>
    /// <param name="what">For a person.</param>
    /// <param name="progress">Told the share of a key that is made.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Result<WalletOperation, Refusal>> SendAsync(
        IRollupOperator rollupOperator, uint place, Operation operation, ulong? feeSat, string what, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (!(await SignAsync(rollupOperator, place, operation, feeSat, what, progress, cancellationToken)).TryGet(out var signed, out var refusal))
            return refusal;
        return await HandInAsync(rollupOperator, signed, cancellationToken);
    }

    /// <summary>Signs an operation and keeps it, without handing it in.</summary>
    public async Task<Result<WalletOperation, Refusal>> SignAsync(
        IRollupOperator rollupOperator, uint place, Operation operation, ulong? feeSat, string what, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (!(await ReadyAsync(rollupOperator, place, progress, cancellationToken)).TryGet(out var ready, out var refusal))
            return refusal;
        var (rollup, number, signing) = ready;
        return await SignAsync(signing, place, number, operation, feeSat ?? rollup.FeeMinSat, (uint)rollup.Height + LifetimeBlocks, what, cancellationToken);
    }

    /// <summary>
    /// Signs an operation for a post on Bitcoin, with what Bitcoin says of the account. What was signed for the same and not posted is taken up again. A key
    /// that is to be rotated first gives the rotation instead, which is to be posted by itself: an operation under the new key counts once that is taken.
    /// </summary>
    /// <param name="bitcoin">The account as blocks have it.</param>
    /// <param name="place">The account's place in this wallet.</param>
    /// <param name="operation">What is to happen.</param>
    /// <param name="feeSat">What the operator gets; null for nothing.</param>
    /// <param name="what">For a person.</param>
    /// <param name="progress">Told the share of a key that is made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<WalletOperation, Refusal>> SignForPostAsync(
        BitcoinOperator bitcoin, uint place, Operation operation, ulong? feeSat, string what, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (_book.Find(place) is not { Number: { } number })
            return new Refusal("--account", $"{place} is none of this wallet's: 'tributary rollup wallet accounts' lists them");
        if (!(await DescribeAsync(bitcoin, cancellationToken)).TryGet(out var rollup, out var refusal)
            || !(await bitcoin.FindAccountAsync(number, cancellationToken)).TryGet(out var account, out refusal)
            || !(await SigningAsync(place, account, progress, cancellationToken)).TryGet(out var signing, out refusal))
            return refusal;
        if (FindUnposted(place, what, signing.Index.Next, (uint)rollup.Height) is { } known)
            return known;
        if (!NeedsRotation(signing))
            return await SignAsync(signing, place, number, operation, feeSat ?? 0, (uint)rollup.Height + LifetimeBlocks, what, cancellationToken, WalletOperation.Held);
        if (Operations.FirstOrDefault(one => one.IsPosted && one.Account == place && string.Equals(one.What, RotationWords, StringComparison.Ordinal) && one.State is "posted") is not null)
            return new Refusal("--force", "has posted another key for the account already: give the command again when 'wallet show --bitcoind' says that this is done");
        if (FindUnposted(place, RotationWords, signing.Index.Next, (uint)rollup.Height) is { } rotation)
            return rotation;
        var next = await KeyAsync(place, NextGeneration(signing), progress, cancellationToken);
        return await SignAsync(signing, place, number, new RotateKey(next.PublicKey.Root, next.PublicKey.Parameters), 0, uint.MaxValue, RotationWords, cancellationToken, WalletOperation.Held);
    }

    /// <summary>
    /// Signs an operation that nobody but the caller hands in (<see cref="HandInHeldAsync"/>): until it is, no command of this wallet sends it by itself. Asked
    /// again for the same <paramref name="what"/> it signs nothing new.
    /// </summary>
    public async Task<Result<WalletOperation, Refusal>> SignHeldAsync(
        IRollupOperator rollupOperator, uint place, Operation operation, uint expiry, string what, CancellationToken cancellationToken)
    {
        if (Operations.FirstOrDefault(one => one.Account == place && string.Equals(one.What, what, StringComparison.Ordinal)) is { } known)
            return known;
        if (!(await ReadyAsync(rollupOperator, place, null, cancellationToken)).TryGet(out var ready, out var refusal))
            return refusal;
        return await SignAsync(ready.Signing, place, ready.Number, operation, ready.Rollup.FeeMinSat, expiry, what, cancellationToken, WalletOperation.Held);
    }

    /// <summary>Hands in an operation that <see cref="SignHeldAsync"/> signed; the same bytes again count once.</summary>
    public async Task<Refusal?> HandInHeldAsync(IRollupOperator rollupOperator, Bytes32 operation, CancellationToken cancellationToken)
    {
        if (Operations.FirstOrDefault(one => one.Operation == operation) is not { } held)
            return new Refusal("operation", "is none that this wallet signed");
        return (await HandInAsync(rollupOperator, held, cancellationToken)).TryGet(out _, out var refusal) ? null : refusal;
    }

    /// <summary>Gives an account another key where that is due: after a restore, and when the key is nearly used up.</summary>
    public async Task<Refusal?> RenewKeyAsync(IRollupOperator rollupOperator, uint place, IProgress<double>? progress, CancellationToken cancellationToken) =>
        (await ReadyAsync(rollupOperator, place, progress, cancellationToken)).TryGet(out _, out var refusal) ? null : refusal;

    /// <summary>Was an operation not taken for now alone? It stays signed, and is handed in again.</summary>
    public static bool IsForAMoment(Refusal refusal) => refusal.Field is "--rollup" or "sequencer" or "rollup";

    /// <summary>Writes an operation down that nobody signs and the wallet is about to post: a claim or a refund. The same again is the same.</summary>
    public async Task<WalletOperation> NoteUnsignedAsync(Operation operation, string what)
    {
        var request = new OperationRequest(operation, null);
        var digest = Receipt.DigestOf(request);
        if (Operations.FirstOrDefault(one => one.Operation == digest) is { } known)
            return known;
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Signed, Operation = digest.ToString(), Bytes = new ForcedOperation(request, default).Write(), What = what, State = WalletOperation.Held });
        return Operations.First(one => one.Operation == digest);
    }

    /// <summary>Notes the transaction in which an operation is about to be posted, and what that pays: before any node sees it.</summary>
    public async Task NotePostingAsync(WalletOperation operation, string transaction, FeeratePerKvB feerate) =>
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Outcome, Operation = operation.Operation.ToString(), State = operation.State, Why = $"in transaction {transaction}", FeeratePerKvb = feerate.Value });

    /// <summary>Notes that an operation stands on Bitcoin, so that it is not handed in besides.</summary>
    public async Task NotePostedAsync(WalletOperation operation, string transaction) =>
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Outcome, Operation = operation.Operation.ToString(), State = "posted", Why = $"in transaction {transaction}" });

    /// <summary>Writes down what Bitcoin says has become of posts, and of operations that the operator took.</summary>
    public async Task NoteOutcomesAsync(IReadOnlyList<MoneyOnItsWay> trail)
    {
        foreach (var post in trail.Where(static one => one is { Kind: "post", State: "proven" or "refused" }))
        {
            if (Operations.FirstOrDefault(one => one.State is "posted" && string.Equals(one.Operation.ToString(), post.Operation, StringComparison.Ordinal)) is { } operation)
                await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Outcome, Operation = post.Operation, State = post.State, Why = post.State is "refused" ? post.Words : operation.Why });
        }
    }

    /// <summary>Hands in what was signed and not answered, byte for byte.</summary>
    public async Task<Refusal?> ResendAsync(IRollupOperator rollupOperator, CancellationToken cancellationToken)
    {
        foreach (var operation in Operations.Where(static one => one.State is "signed").ToList())
        {
            if (!(await HandInAsync(rollupOperator, operation, cancellationToken)).TryGet(out _, out var refusal) && refusal.Field is "--rollup")
                return refusal;
        }

        return null;
    }

    /// <summary>Asks what has become of operations that are not over; what was revoked is written down.</summary>
    public async Task<Refusal?> RefreshAsync(IRollupOperator rollupOperator, CancellationToken cancellationToken)
    {
        if (await ResendAsync(rollupOperator, cancellationToken) is { } away)
            return away;
        foreach (var operation in Operations.Where(static one => one.State is "taken").ToList())
        {
            if (!(await rollupOperator.FindOperationAsync(operation.Operation, cancellationToken)).TryGet(out var view, out var refusal))
                return refusal;
            if (view.State is "proven" or "revoked")
                await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Outcome, Operation = operation.Operation.ToString(), State = view.State, Why = view.Why is { } why ? $"{why.Field}: {why.Reason}" : null });
        }

        return null;
    }

    /// <summary>What the operator says of the rollup that this wallet belongs to; another is refused.</summary>
    public async Task<Result<RollupView, Refusal>> DescribeAsync(IRollupOperator rollupOperator, CancellationToken cancellationToken)
    {
        if (!(await rollupOperator.DescribeAsync(cancellationToken)).TryGet(out var rollup, out var refusal))
            return refusal;
        return string.Equals(rollup.Rollup, File.Rollup, StringComparison.Ordinal) && string.Equals(rollup.Operator, File.Operator, StringComparison.Ordinal)
            ? rollup
            : new Refusal("--rollup", $"{rollupOperator.Name} runs rollup {rollup.Rollup}; this wallet belongs to {File.Rollup}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        _seed.Dispose();
        await _book.DisposeAsync();
        await _journal.DisposeAsync();
        await Coins.DisposeAsync();
    }

    private static async Task<Result<RollupWallet, Refusal>> OpenRestAsync(string folder, WalletFile file, Wallet coins, WalletPassphrase passphrase, IEntropy entropy)
    {
        RollupSeed? seed = null;
        SigningJournal? journal = null;
        if (RollupSeed.Of(coins, passphrase).TryGet(out seed, out var refusal)
            && SigningJournal.Open(DiskDirectory.Open(Path.Combine(folder, "signing")), entropy).TryGet(out journal, out refusal)
            && WalletBook.Open(DiskDirectory.Open(Path.Combine(folder, "book")), entropy).TryGet(out var book, out refusal))
            return new RollupWallet(folder, file, coins, seed, journal, book, entropy);
        if (journal is not null)
            await journal.DisposeAsync();
        seed?.Dispose();
        await coins.DisposeAsync();
        return refusal;
    }

    // What an interrupted command signed for the same post: the last that the key has signed, and still in time.
    private WalletOperation? FindUnposted(uint place, string what, uint next, uint height) => Operations.LastOrDefault(one =>
        one is { State: WalletOperation.Held, IsPosted: false } && one.Account == place && string.Equals(one.What, what, StringComparison.Ordinal)
        && ForcedOperation.Read(one.Bytes).TryGet(out var signed, out _) && signed.Request.Authorisation is { } authorisation
        && authorisation.Index + 1 == next && authorisation.Expiry > height + (LifetimeBlocks / 2));

    private static bool NeedsRotation(Signing signing)
    {
        var last = signing.Key.PublicKey.Parameters.LastIndex;
        return signing.Index.MustRotate || signing.Index.Next + Math.Min(RotateLeft, last / 4) >= last;
    }

    // Words that had another life may have rotated in it once since the last anchored state: that key is passed over.
    private static uint NextGeneration(Signing signing) =>
        signing.Index.MustRotate ? (((signing.Generation + 1) / RestoreGenerations) + 1) * RestoreGenerations : signing.Generation + 1;

    // A key that may sign: rotated first where that is due.
    private async Task<Result<Ready, Refusal>> ReadyAsync(IRollupOperator rollupOperator, uint place, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (_book.Find(place) is not { Number: { } number })
            return new Refusal("--account", $"{place} is none of this wallet's: 'tributary rollup wallet accounts' lists them");
        if (!(await DescribeAsync(rollupOperator, cancellationToken)).TryGet(out var rollup, out var refusal)
            || !(await rollupOperator.FindAccountAsync(number, cancellationToken)).TryGet(out var account, out refusal)
            || !(await SigningAsync(place, account, progress, cancellationToken)).TryGet(out var signing, out refusal))
            return refusal;
        if (!NeedsRotation(signing))
            return new Ready(rollup, number, signing);

        // The same rotation again is the same message: a restore that was interrupted repeats itself.
        var next = await KeyAsync(place, NextGeneration(signing), progress, cancellationToken);
        var rotation = new RotateKey(next.PublicKey.Root, next.PublicKey.Parameters);
        var signed = await SignAsync(signing, place, number, rotation, rollup.FeeMinSat, uint.MaxValue, RotationWords, cancellationToken);
        if (!signed.TryGet(out var rotated, out refusal)
            || !(await HandInAsync(rollupOperator, rotated, cancellationToken)).TryGet(out _, out refusal)
            || !(await rollupOperator.FindAccountAsync(number, cancellationToken)).TryGet(out account, out refusal)
            || !(await SigningAsync(place, account, progress, cancellationToken)).TryGet(out signing, out refusal))
            return refusal;
        return new Ready(rollup, number, signing);
    }

    // Which of the account's keys signs now, with its journal.
    private async Task<Result<Signing, Refusal>> SigningAsync(uint place, AccountView account, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var generation = _book.Find(place)!.Keys.FirstOrDefault(key => string.Equals(key.Value.ToString(), account.KeyRoot, StringComparison.Ordinal));
        if (generation.Value.IsZero)
            return new Refusal("--rollup", $"says that account {account.Account} has a key that this wallet never made: another wallet uses these words, or the operator lies. Do not go on; restore from the words with --bitcoind");
        var key = await KeyAsync(place, generation.Key, progress, cancellationToken);
        var anchored = string.Equals(account.AnchoredKeyRoot, account.KeyRoot, StringComparison.Ordinal) ? account.AnchoredNextIndex : 0;
        if (!_indices.TryGetValue(key.PublicKey, out var index))
        {
            // Opened on what the wallet itself knows, so that no word of the operator moves an index.
            if (!_journal.Resume(key.PublicKey, 0).TryGet(out index, out var refusal))
                return refusal;
            _indices.Add(key.PublicKey, index);
        }

        if (account.NextIndex > index.Next || anchored > index.Next)
            return new Refusal("--rollup", $"says that index {Math.Max(account.NextIndex, anchored) - 1} of account {account.Account} has signed, and this wallet signed up to {(long)index.Next - 1}: another wallet uses these words. Do not go on; restore from the words with --bitcoind");
        index.Anchor(anchored);
        return new Signing(key, generation.Key, index);
    }

    private async Task<Result<WalletOperation, Refusal>> SignAsync(
        Signing signing, uint place, uint number, Operation operation, ulong feeSat, uint expiry, string what, CancellationToken cancellationToken, string? state = null)
    {
        if (!signing.Index.Peek().TryGet(out var index, out var refusal))
            return refusal;
        var request = new OperationRequest(operation, new Authorisation(new AccountId(number), index, feeSat, expiry));
        if (!(await signing.Index.SignAsync(signing.Key, index, OperationDigest.Compute(Rollup, request), cancellationToken)).TryGet(out var signature, out refusal))
            return refusal;
        var digest = Receipt.DigestOf(request);
        var bytes = new ForcedOperation(request, signature).Write();
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Signed, Account = place, Operation = digest.ToString(), Bytes = bytes, What = what, State = state });
        return Operations.First(one => one.Operation == digest);
    }

    private async Task<Result<WalletOperation, Refusal>> HandInAsync(IRollupOperator rollupOperator, WalletOperation operation, CancellationToken cancellationToken)
    {
        var digest = operation.Operation.ToString();
        if (!(await rollupOperator.SubmitAsync(operation.Bytes, cancellationToken)).TryGet(out var view, out var refusal))
        {
            // No answer is none: the operation stays signed. What the operator refuses may still be taken by it until it expires.
            if (!IsForAMoment(refusal) && !(operation.State is "refused" && string.Equals(operation.Why, refusal.ToString(), StringComparison.Ordinal)))
                await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Outcome, Operation = digest, State = "refused", Why = refusal.ToString() });
            return refusal;
        }

        if (!IsReceipt(view, operation.Operation))
            return new Refusal("--rollup", "answers with a receipt that is not the operator's for this operation");
        await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Receipt, Operation = digest, Batch = view.Batch, Position = view.Position, Signature = view.Signature });
        return Operations.First(one => one.Operation == operation.Operation);
    }

    private bool IsReceipt(ReceiptView view, Bytes32 operation)
    {
        if (view.Signature.Length % 2 != 0 || !Receipt.IsSignatureLength(view.Signature.Length / 2) || !view.Signature.All(char.IsAsciiHexDigit) || !Bytes32.TryParse(File.Operator, out var key) || !XOnlyPublicKey.TryParse(key.Span, out var operatorKey))
            return false;
        return new Receipt(Rollup, view.Batch, view.Position, operation, Convert.FromHexString(view.Signature)).IsSignedBy(operatorKey);
    }

    // A key that is new begins in the journal before anybody knows of it.
    private async Task<XmssKey> KeyAsync(uint place, uint generation, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (_keys.TryGetValue((place, generation), out var key))
            return key;
        key = AccountKey.Make(_seed, place, generation, File.LogLifetime, progress, cancellationToken);
        _keys.Add((place, generation), key);
        if (!_journal.Keys.Contains(key.PublicKey))
            _ = await _journal.BeginAsync(key.PublicKey, 0, cancellationToken);
        if (_book.Find(place)?.Keys.ContainsKey(generation) != true)
            await _book.AddAsync(new WalletEntry { Kind = WalletEntry.Key, Account = place, Generation = generation, KeyRoot = key.PublicKey.Root.ToString() });
        return key;
    }

    private sealed record Ready(RollupView Rollup, uint Number, Signing Signing);

    private sealed record Signing(XmssKey Key, uint Generation, SigningIndex Index);
}
