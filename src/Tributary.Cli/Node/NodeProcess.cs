using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Cli.Node.Control;
using Tributary.Cli.Node.Views;
using Tributary.Crypto;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Cli.Node;

/// <summary>A node with everything around it: chain source, wallet, keys, log, and the socket that commands come by.</summary>
internal sealed class NodeProcess : INodeHost, IAsyncDisposable
{
    private const string ChainFile = "regtest.chain";
    private const string WalletFolder = "wallet";
    private const string ChannelFolder = "lightning";
    private const string GossipFolder = "gossip";
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(5);

    private readonly NodeSettings _settings;
    private readonly IChainSource _chain;
    private readonly Wallet _wallet;
    private readonly NodeKeys _keys;
    private readonly LightningNode _node;
    private readonly bool _isNew;
    private readonly CancellationTokenSource _stop = new();
    private ControlServer? _control;

    private NodeProcess(NodeSettings settings, IChainSource chain, Wallet wallet, NodeKeys keys, LightningNode node, bool isNew)
    {
        _settings = settings;
        _chain = chain;
        _wallet = wallet;
        _keys = keys;
        _node = node;
        _isNew = isNew;
    }

    /// <summary>Opens everything: when it answers the log is replayed, and nobody was spoken to yet.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The process owns what it opens.")]
    internal static async Task<Result<NodeProcess, Refusal>> OpenAsync(NodeSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!OpenFolder("--data", settings.DataFolder).TryGet(out _, out var refusal) || !OpenChain(settings, clock).TryGet(out var chain, out refusal))
            return refusal;
        Wallet? wallet = null;
        NodeKeys? keys = null;
        var isOpen = false;
        try
        {
            if (!NodeSeed.Passphrase().TryGet(out var passphrase, out refusal))
                return refusal;
            var isNew = !Path.Exists(Path.Combine(settings.DataFolder, WalletFolder));
            if (!(await OpenWalletAsync(settings, chain, passphrase, isNew, clock, cancellationToken)).TryGet(out wallet, out refusal)
                || !NodeSeed.Keys(wallet, passphrase).TryGet(out keys, out refusal))
                return refusal;

            if (!OpenFolder("--replica", settings.ReplicaFolder).TryGet(out var replica, out refusal)
                || !OpenFolder("--data", Path.Combine(settings.DataFolder, GossipFolder)).TryGet(out var gossip, out refusal))
                return refusal;
            var options = new NodeOptions(settings.Network)
            {
                Alias = settings.Alias,
                Listen = settings.Listen,
                TrustedPeers = settings.TrustedPeers,
                Replica = replica.Directory,
                GossipFolder = gossip.Directory,
            };
            if (!OpenFolder("--data", Path.Combine(settings.DataFolder, ChannelFolder)).TryGet(out var directory, out refusal))
                return refusal;
            if (!(await LightningNode.OpenAsync(options, keys, directory.Directory!, wallet, chain, SystemEntropy.Instance, clock, cancellationToken)).TryGet(out var node, out refusal))
                return refusal;
            isOpen = true;
            return new NodeProcess(settings, chain, wallet, keys, node, isNew);
        }
        finally
        {
            if (!isOpen)
            {
                keys?.Dispose();
                if (wallet is not null)
                    await wallet.DisposeAsync();
                await chain.DisposeAsync();
            }
        }
    }

    internal StartedView Describe() => new(
        _keys.Identity.PublicKey.ToString(),
        _settings.Network.Name,
        _settings.Bitcoind is null ? "embedded" : "bitcoind",
        (_node.ListenAddress ?? _settings.Listen)?.ToString(),
        _settings.DataFolder,
        _node.Height,
        _isNew);

    /// <summary>Runs until it is cancelled, told to stop, or broken.</summary>
    /// <param name="onStarted">Called when commands are served: as soon as the chain is looked through, or after a while of that.</param>
    /// <param name="clock">For that while.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when it was asked to end, or why it had to.</returns>
    internal async Task<Refusal?> RunAsync(Action onStarted, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var following = _wallet.RunAsync(either.Token);
        var running = _node.RunAsync(either.Token);
        await Task.WhenAny(following, running, _node.Ready, Task.Delay(s_startPatience, clock, either.Token));
        var calls = new NodeCalls(_node, _settings.Network, this);
        _control = ControlServer.Start(ControlSocket.PathFor(_settings.DataFolder), calls.HandleAsync);
        if (!running.IsCompleted && !following.IsCompleted)
            onStarted();
        await Task.WhenAny(following, running);
        await either.CancelAsync();
        await _control.DisposeAsync();
        _control = null;
        try
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await running;
            await following;
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (ChainSourceLostException exception)
        {
            return new Refusal("--bitcoind", exception.Error.Reason);
        }
        catch (IOException exception)
        {
            return new Refusal("node", $"has stopped: {exception.Message} Nothing was sent that is not on disk; mend this and start it again.");
        }
    }

    public void Stop() => _stop.CancelAfter(TimeSpan.FromMilliseconds(100));

    public async Task<Result<BackupView, Refusal>> BackupAsync(string file, bool showsWords, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(file, _settings.DataFolder);
        var backup = await _node.ExportBackupAsync(cancellationToken);
        string? words = null;
        if (showsWords)
        {
            if (!NodeSeed.Passphrase().TryGet(out var passphrase, out var refusal) || !_wallet.RevealSeed(passphrase).TryGet(out var seed, out refusal))
                return refusal;
            using (seed)
                words = seed.Mnemonic?.Reveal();
        }

        try
        {
            // The old file is there until the new one is whole.
            await using (var stream = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
            {
                await stream.WriteAsync(backup.Content, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("file", $"can't be written: {exception.Message}");
        }

        return new BackupView(path, backup.ChannelCount, words);
    }

    /// <summary>Makes a folder from words and a backup or a replica; it must hold no node yet. Nothing is made when they do not belong together.</summary>
    /// <param name="settings">The folder, its network and its chain; the replica's folder where that is what is restored from.</param>
    /// <param name="words">Of the seed.</param>
    /// <param name="backup">The backup's bytes; null for the replica.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many channels there are.</returns>
    internal static async Task<Result<int, Refusal>> RestoreAsync(NodeSettings settings, string words, byte[]? backup, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Path.Exists(Path.Combine(settings.DataFolder, WalletFolder)) || Directory.Exists(Path.Combine(settings.DataFolder, ChannelFolder)))
            return new Refusal("--data", $"{settings.DataFolder} holds a node already: name a new folder");
        if (!Mnemonic.Parse(words).TryGet(out var mnemonic, out var refusal) || !NodeSeed.Passphrase().TryGet(out var passphrase, out refusal))
            return refusal;
        using var keys = NodeSeed.Keys(mnemonic);
        var options = new NodeOptions(settings.Network);
        if (!OpenChain(settings, clock).TryGet(out var chain, out refusal))
            return refusal;
        await using (chain)
        {
            // The channels come first: with other words nothing opens, and the folder stays empty.
            if (!OpenFolder("--data", Path.Combine(settings.DataFolder, ChannelFolder)).TryGet(out var folder, out refusal))
                return refusal;
            var restored = backup is not null
                ? (await LightningNode.RestoreAsync(options, keys, folder.Directory!, backup, chain, SystemEntropy.Instance, cancellationToken)).Then<int>(static file => file.ChannelCount)
                : LightningNode.RestoreReplica(options, keys, folder.Directory!, DiskDirectory.Open(settings.ReplicaFolder!), clock);
            if (!restored.IsOk)
            {
                Directory.Delete(folder.Directory!.Location, recursive: true);
                return restored;
            }

            // The words may have been used since any block: the whole chain is looked through.
            if (!WalletLogStore.Open(Path.Combine(settings.DataFolder, WalletFolder), SystemEntropy.Instance).TryGet(out var store, out refusal))
                return refusal;
            using var seed = WalletSeed.FromMnemonic(mnemonic);
            var creation = new WalletCreation(settings.Network) { Seed = seed, Passphrase = passphrase };
            if (!(await Wallet.CreateAsync(store, creation, chain, SystemEntropy.Instance, clock, cancellationToken: cancellationToken)).TryGet(out var wallet, out refusal))
                return refusal;
            await wallet.DisposeAsync();
            return restored;
        }
    }

    // Null opens none.
    private static Result<OpenedFolder, Refusal> OpenFolder(string option, string? path)
    {
        try
        {
            return new OpenedFolder(path is null ? null : DiskDirectory.Open(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal(option, $"can't be used: {exception.Message}");
        }
    }

    private readonly record struct OpenedFolder(DiskDirectory? Directory);

    public async Task<Result<MinedView, Refusal>> MineAsync(int blocks, Address? payTo, CancellationToken cancellationToken)
    {
        if (_chain is not EmbeddedChain embedded)
            return new Refusal("blocks", "can be mined on the embedded chain only: on regtest, 'bitcoin-cli -generate' does it");
        if (payTo is null && !(await _node.NewAddressAsync(cancellationToken)).TryGet(out payTo, out var refusal))
            return refusal;
        return (await embedded.MineAsync(blocks, payTo.ScriptPubKey, cancellationToken)).TryGet(out _, out var error)
            ? new MinedView(blocks, _chain.Status.Tip?.Height ?? 0)
            : new Refusal("blocks", error.Reason);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
            await _control.DisposeAsync();
        await _node.DisposeAsync();
        await _wallet.DisposeAsync();
        await _chain.DisposeAsync();
        _keys.Dispose();
        _stop.Dispose();
    }

    private static Result<IChainSource, Refusal> OpenChain(NodeSettings settings, TimeProvider clock)
    {
        if (settings.Bitcoind is not { } address)
            return EmbeddedChain.Open(new EmbeddedChainOptions { Path = Path.Combine(settings.DataFolder, ChainFile) }, clock).Then<IChainSource>(static chain => chain);
        var credentials = settings.CookieFile is { } cookie ? BitcoindCredentials.FromCookieFile(cookie) : BitcoindCredentials.FromEnvironment(Environment.GetEnvironmentVariable);
        if (credentials is null)
            return new Refusal("--bitcoind-cookie", "names bitcoind's cookie file; or set TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD");
        return BitcoindChainSource.Start(new BitcoindOptions(address, credentials, settings.Network) { PollInterval = TimeSpan.FromMilliseconds(250) }, clock);
    }

    private static async Task<Result<Wallet, Refusal>> OpenWalletAsync(
        NodeSettings settings, IChainSource chain, WalletPassphrase passphrase, bool isNew, TimeProvider clock, CancellationToken cancellationToken)
    {
        // A new wallet begins at the tip, which has to be known: money that came before it would not be seen.
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("--bitcoind", error.Reason);
        if (!WalletLogStore.Open(Path.Combine(settings.DataFolder, WalletFolder), SystemEntropy.Instance).TryGet(out var store, out var refusal))
            return refusal;
        var options = new WalletOptions { FallbackFeerate = settings.Network.Equals(BitcoinNetwork.Mainnet) ? null : new FeeratePerKvB(4000) };
        Result<Wallet, Refusal> opened;
        if (isNew)
        {
            using var seed = WalletSeed.Generate(SystemEntropy.Instance);
            var creation = new WalletCreation(settings.Network) { Seed = seed, Passphrase = passphrase, Birthday = tip };
            opened = await Wallet.CreateAsync(store, creation, chain, SystemEntropy.Instance, clock, options, cancellationToken);
        }
        else
        {
            opened = await Wallet.OpenAsync(store, chain, SystemEntropy.Instance, clock, options, cancellationToken);
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
