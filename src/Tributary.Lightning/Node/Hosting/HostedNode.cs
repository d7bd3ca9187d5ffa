using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Lightning.Keys;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Node.Hosting;

/// <summary>
/// A node with its wallet and keys in one folder, on a chain source of the caller: what a process needs to run one, and the same folder for every
/// program that does. The logs in the folder admit one process at a time.
/// </summary>
public sealed class HostedNode : IAsyncDisposable
{
    private const string WalletFolder = "wallet";
    private const string ChannelFolder = "lightning";
    private const string GossipFolder = "gossip";

    private readonly NodeKeys _keys;

    private HostedNode(Wallet wallet, NodeKeys keys, SecretBytes paymentSecret, LightningNode node, bool isNew)
    {
        Wallet = wallet;
        _keys = keys;
        PaymentSecret = paymentSecret;
        Node = node;
        IsNew = isNew;
    }

    public LightningNode Node { get; }

    public Wallet Wallet { get; }

    public PublicKey NodeId => _keys.Identity.PublicKey;

    /// <summary>What those derive preimages from who take payments by the node; 32 bytes.</summary>
    public SecretBytes PaymentSecret { get; }

    /// <summary>The folder was empty before.</summary>
    public bool IsNew { get; }

    /// <summary>Does a folder hold a node already?</summary>
    public static bool IsIn(string folder) => Path.Exists(Path.Combine(folder, WalletFolder)) || Directory.Exists(ChannelFolderOf(folder));

    /// <summary>Where the wallet of a node's folder is.</summary>
    public static string WalletFolderOf(string folder) => Path.Combine(folder, WalletFolder);

    /// <summary>Where the node's log of its folder is.</summary>
    public static string ChannelFolderOf(string folder) => Path.Combine(folder, ChannelFolder);

    /// <summary>Opens a folder's node, or makes one in an empty folder: when it answers the logs are replayed, and nobody was spoken to yet.</summary>
    /// <param name="folder">Everything that must survive.</param>
    /// <param name="options">How the node behaves.</param>
    /// <param name="passphrase">What seals the wallet's words at rest.</param>
    /// <param name="chain">Stays the caller's, and outlives the node.</param>
    /// <param name="entropy">For keys and ids.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The host owns what it opens.")]
    public static async Task<Result<HostedNode, Refusal>> OpenAsync(
        string folder, NodeOptions options, WalletPassphrase passphrase, IChainSource chain, IEntropy entropy, TimeProvider time, CancellationToken cancellationToken)
    {
        CreatePrivateFolder(folder);
        Wallet? wallet = null;
        NodeKeys? keys = null;
        SecretBytes? secret = null;
        var isOpen = false;
        try
        {
            var isNew = !Path.Exists(WalletFolderOf(folder));
            if (!(await OpenWalletAsync(folder, options.Network, chain, passphrase, isNew, entropy, time, cancellationToken)).TryGet(out wallet, out var refusal)
                || !NodeSeed.Keys(wallet, passphrase).TryGet(out keys, out refusal)
                || !NodeSeed.PaymentSecret(wallet, passphrase).TryGet(out secret, out refusal))
                return refusal;

            CreatePrivateFolder(ChannelFolderOf(folder));
            CreatePrivateFolder(Path.Combine(folder, GossipFolder));
            if (options.GossipFolder is null)
                options = options with { GossipFolder = DiskDirectory.Open(Path.Combine(folder, GossipFolder)) };
            if (options.BackupFolders.Count == 0)
                options = options with { BackupFolders = [DiskDirectory.Open(folder), .. options.Replica is { } replica ? [replica] : Array.Empty<IStorageDirectory>()] };
            var directory = DiskDirectory.Open(ChannelFolderOf(folder));
            if (!(await LightningNode.OpenAsync(options, keys, directory, wallet, chain, entropy, time, cancellationToken)).TryGet(out var node, out refusal))
                return refusal;
            isOpen = true;
            return new HostedNode(wallet, keys, secret, node, isNew);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("data", $"{folder} can't be opened: {exception.Message}");
        }
        finally
        {
            if (!isOpen)
            {
                secret?.Dispose();
                keys?.Dispose();
                if (wallet is not null)
                    await wallet.DisposeAsync();
            }
        }
    }

    /// <summary>Follows the chain and speaks with peers until it is cancelled; one that ends ends the other.</summary>
    /// <exception cref="IOException">The disk failed: nothing has left that is not on disk.</exception>
    /// <exception cref="ChainSourceLostException">The chain source is gone for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = Wallet.RunAsync(stop.Token);
        var running = Node.RunAsync(stop.Token);
        var first = await Task.WhenAny(following, running);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        await first;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Wallet.DisposeAsync();
        _keys.Dispose();
        PaymentSecret.Dispose();
    }

    /// <summary>Makes a folder that nobody else can look into.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<Result<Wallet, Refusal>> OpenWalletAsync(
        string folder, BitcoinNetwork network, IChainSource chain, WalletPassphrase passphrase, bool isNew, IEntropy entropy, TimeProvider time, CancellationToken cancellationToken)
    {
        // A new wallet begins at the tip, which has to be known: money that came before it would not be seen.
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("--bitcoind", error.Reason);
        if (!WalletLogStore.Open(WalletFolderOf(folder), entropy).TryGet(out var store, out var refusal))
            return refusal;
        var options = new WalletOptions { FallbackFeerate = network.Equals(BitcoinNetwork.Mainnet) ? null : new FeeratePerKvB(4000) };
        Result<Wallet, Refusal> opened;
        if (isNew)
        {
            using var seed = WalletSeed.Generate(entropy);
            var creation = new WalletCreation(network) { Seed = seed, Passphrase = passphrase, Birthday = tip };
            opened = await Wallet.CreateAsync(store, creation, chain, entropy, time, options, cancellationToken);
        }
        else
        {
            opened = await Wallet.OpenAsync(store, chain, entropy, time, options, cancellationToken);
        }

        if (!opened.TryGet(out var wallet, out refusal))
        {
            await store.DisposeAsync();
            return refusal;
        }

        if (!isNew && wallet.Status.IsLocked && wallet.Unlock(passphrase) is { } locked)
        {
            await wallet.DisposeAsync();
            return new Refusal(NodeSeed.PassphraseVariable, locked.Reason);
        }

        return wallet;
    }
}
