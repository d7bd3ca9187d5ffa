using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Wallets;

namespace Tributary.Rollup.Operating;

/// <summary>An operator's folder with its wallet and keys opened; one process has it. See <see cref="OperatorFile"/> for what it says of the rollup.</summary>
public sealed class OperatorFolder : IAsyncDisposable
{
    /// <summary>Coins that a beginning takes at the highest feerate: commitment, anchor, change.</summary>
    private static readonly Satoshis s_beginning = new(100_000);

    // Blocks that a reorganisation would have to take back to reach below where the rollup is looked for.
    private const int BehindBlocks = 100;

    private readonly RollupSeed _seed;

    private OperatorFolder(string path, OperatorFile file, Wallet wallet, RollupSeed seed)
    {
        (Path, File, Wallet, _seed) = (path, file, wallet, seed);
        (OperatorKey, VaultKey) = (seed.OperatorKey(), seed.VaultKey());
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What it says of the rollup.</summary>
    public OperatorFile File { get; private set; }

    /// <summary>Pays for anchors.</summary>
    public Wallet Wallet { get; }

    /// <summary>Spends anchors and signs receipts.</summary>
    public SecretKey OperatorKey { get; }

    /// <summary>Spends the vault.</summary>
    public SecretKey VaultKey { get; }

    /// <summary>The set of parameters.</summary>
    public ParameterSet Parameters => ParameterSet.TryParse(File.Parameters, out var set) ? set : ParameterSet.Fast;

    /// <summary>The network.</summary>
    public BitcoinNetwork Network => BitcoinNetwork.TryParse(File.Network, out var network) ? network : BitcoinNetwork.Regtest;

    /// <summary>A block below the beginning.</summary>
    public ChainTip From => new(File.FromHeight, BlockHash.TryParse(File.FromBlock, out var hash) ? hash : default);

    /// <summary>The rollup's id; null until its beginning has been made.</summary>
    public Bytes32? Rollup => File.Rollup is { } text && Bytes32.TryParse(text, out var id) ? id : null;

    /// <summary>How the rollup begins.</summary>
    public RollupGenesis Genesis => new(
        Parameters.Verifier.Key.Digest,
        XOnly(OperatorKey),
        XOnly(VaultKey),
        Bytes32.TryParse(File.KeyRoot, out var root) ? root : default,
        new KeyParameters(KeyParameters.Xmss, File.LogLifetime));

    /// <summary>Makes a folder: words, keys and the operator's account. Nothing is on Bitcoin yet.</summary>
    /// <param name="path">An empty folder, or none.</param>
    /// <param name="network">The network.</param>
    /// <param name="parameters">What proofs are made with.</param>
    /// <param name="segmentSignatures">Where a segment is cut.</param>
    /// <param name="passphrase">Seals the words at rest.</param>
    /// <param name="chain">Names the tip; the caller's.</param>
    /// <param name="entropy">For the words.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told the share of the operator's key that is made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<OperatorFolder, Refusal>> CreateAsync(
        string path,
        BitcoinNetwork network,
        ParameterSet parameters,
        int segmentSignatures,
        WalletPassphrase passphrase,
        IChainSource chain,
        IEntropy entropy,
        TimeProvider time,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("--bitcoind", error.Reason);
        var from = Math.Max(0, tip.Height - BehindBlocks);
        if (!(await chain.GetBlockHashAsync(from, cancellationToken)).TryGet(out var below, out error))
            return new Refusal("--bitcoind", error.Reason);
        using var words = WalletSeed.Generate(entropy);
        if (!(await CoinWallet.CreateAsync(path, network, words, passphrase, tip, chain, entropy, time, cancellationToken)).TryGet(out var wallet, out var refusal))
            return refusal;
        if (!RollupSeed.Of(wallet, passphrase).TryGet(out var seed, out refusal))
        {
            await wallet.DisposeAsync();
            return refusal;
        }

        using var key = AccountKey.Make(seed, 0, 0, AccountKey.DefaultLogLifetime, progress, cancellationToken);
        var file = new OperatorFile
        {
            Network = network.Name,
            Parameters = parameters.Name,
            SegmentSignatures = segmentSignatures,
            FromHeight = from,
            FromBlock = below.ToString(),
            KeyRoot = key.PublicKey.Root.ToString(),
            LogLifetime = key.PublicKey.Parameters.LogLifetime,
        };
        file.Write(path);
        return new OperatorFolder(path, file, wallet, seed);
    }

    /// <summary>Opens a folder.</summary>
    public static async Task<Result<OperatorFolder, Refusal>> OpenAsync(
        string path, WalletPassphrase passphrase, IChainSource chain, IEntropy entropy, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!OperatorFile.Read(path).TryGet(out var file, out var refusal))
            return refusal;
        _ = BitcoinNetwork.TryParse(file.Network, out var network);
        if (!(await CoinWallet.OpenAsync(path, network!, passphrase, chain, entropy, time, cancellationToken)).TryGet(out var wallet, out refusal))
            return refusal;
        if (RollupSeed.Of(wallet, passphrase).TryGet(out var seed, out refusal))
            return new OperatorFolder(path, file, wallet, seed);
        await wallet.DisposeAsync();
        return refusal;
    }

    /// <summary>
    /// Begins the rollup on Bitcoin, once the wallet can pay for it. Asked again it does nothing twice: the id follows from the payment that the wallet made.
    /// </summary>
    /// <returns>The rollup's id; or why it could not begin.</returns>
    public async Task<Result<Bytes32, Refusal>> BeginAsync(IChainSource chain, FeeratePerKvB feerateMax, IEntropy entropy, CancellationToken cancellationToken)
    {
        if (Rollup is { } known)
            return known;
        if (Wallet.Balance.Spendable < s_beginning)
            return new Refusal("wallet", $"holds {Wallet.Balance.Spendable}, and beginning a rollup sets aside {s_beginning}: send bitcoin to the address of this wallet and wait for a block");
        var genesis = Genesis;
        var anchorer = new Anchorer(Wallet, chain, OperatorKey, entropy, feerateMax);
        var envelope = new Envelope(EnvelopeKind.Genesis, genesis.ToBytes(), genesis.Operator);
        if (!(await anchorer.PostAsync(envelope, null, makesAnchor: true, isLate: false, cancellationToken)).TryGet(out var transaction, out var refusal))
            return refusal;
        var id = genesis.IdOf(transaction.PreviousOutput(0));
        File = File with { Rollup = id.ToString(), GenesisTransaction = transaction.TxId.ToString() };
        File.Write(Path);
        return id;
    }

    /// <summary>An address of the wallet that was handed out and not paid, or a new one.</summary>
    public async Task<Result<string, Refusal>> AddressAsync(CancellationToken cancellationToken)
    {
        const string label = "for anchors";
        if (Wallet.ListAddresses().LastOrDefault(static one => string.Equals(one.Label, label, StringComparison.Ordinal)) is { } known)
            return known.Address.ToString();
        return (await Wallet.NewAddressAsync(WalletAccountKind.Bip84, label, cancellationToken)).Then<string>(static one => one.Address.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        OperatorKey.Dispose();
        VaultKey.Dispose();
        _seed.Dispose();
        await Wallet.DisposeAsync();
    }

    private static Bytes32 XOnly(SecretKey key) => key.PublicKey.ToXOnly(out _).ToBytes32();
}
