using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Cli.Node.Control;
using Tributary.Cli.Node.Views;
using Tributary.Crypto;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Backups;
using Tributary.Lightning.Node.Hosting;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Cli.Node;

/// <summary>A node with everything around it: chain source, wallet, keys, log, and the socket that commands come by.</summary>
internal sealed class NodeProcess : INodeHost, IAsyncDisposable
{
    private const string ChainFile = "regtest.chain";
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(5);

    private readonly NodeSettings _settings;
    private readonly IChainSource _chain;
    private readonly HostedNode _hosted;
    private readonly CancellationTokenSource _stop = new();
    private ControlServer? _control;

    private LightningNode Node => _hosted.Node;

    private NodeProcess(NodeSettings settings, IChainSource chain, HostedNode hosted)
    {
        _settings = settings;
        _chain = chain;
        _hosted = hosted;
    }

    /// <summary>Opens everything: when it answers the log is replayed, and nobody was spoken to yet.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The process owns what it opens.")]
    internal static async Task<Result<NodeProcess, Refusal>> OpenAsync(NodeSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!OpenFolder("--data", settings.DataFolder).TryGet(out _, out var refusal) || !OpenChain(settings, clock).TryGet(out var chain, out refusal))
            return refusal;
        var isOpen = false;
        try
        {
            if (!NodeSeed.Passphrase(Environment.GetEnvironmentVariable).TryGet(out var passphrase, out refusal))
                return refusal;
            if (!OpenFolder("--replica", settings.ReplicaFolder).TryGet(out var replica, out refusal))
                return refusal;
            var options = new NodeOptions(settings.Network)
            {
                Alias = settings.Alias,
                Listen = settings.Listen,
                TrustedPeers = settings.TrustedPeers,
                Replica = replica.Directory,
                IsMoved = settings.IsMoved,
                Witness = RunWitness.OfMachine(),
            };
            if (!(await HostedNode.OpenAsync(settings.DataFolder, options, passphrase, chain, SystemEntropy.Instance, clock, cancellationToken)).TryGet(out var hosted, out refusal))
                return refusal;
            isOpen = true;
            return new NodeProcess(settings, chain, hosted);
        }
        finally
        {
            if (!isOpen)
                await chain.DisposeAsync();
        }
    }

    internal StartedView Describe() => new(
        _hosted.NodeId.ToString(),
        _settings.Network.Name,
        _settings.Bitcoind is null ? "embedded" : "bitcoind",
        (Node.ListenAddress ?? _settings.Listen)?.ToString(),
        _settings.DataFolder,
        Node.Height,
        _hosted.IsNew,
        Node.StartWarning);

    /// <summary>Runs until it is cancelled, told to stop, or broken.</summary>
    /// <param name="onStarted">Called when commands are served: as soon as the chain is looked through, or after a while of that.</param>
    /// <param name="clock">For that while.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when it was asked to end, or why it had to.</returns>
    internal async Task<Refusal?> RunAsync(Action onStarted, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var running = _hosted.RunAsync(either.Token);
        await Task.WhenAny(running, Node.Ready, Task.Delay(s_startPatience, clock, either.Token));
        var calls = new NodeCalls(Node, _settings.Network, this, clock);
        _control = ControlServer.Start(ControlSocket.PathFor(_settings.DataFolder), calls.HandleAsync);
        if (!running.IsCompleted)
            onStarted();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await either.CancelAsync();
        await _control.DisposeAsync();
        _control = null;
        try
        {
            await running;
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
        var backup = await Node.ExportBackupAsync(cancellationToken);
        string? words = null;
        if (showsWords)
        {
            if (!NodeSeed.Passphrase(Environment.GetEnvironmentVariable).TryGet(out var passphrase, out var refusal) || !_hosted.Wallet.RevealSeed(passphrase).TryGet(out var seed, out refusal))
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
        if (HostedNode.IsIn(settings.DataFolder))
            return new Refusal("--data", $"{settings.DataFolder} holds a node already: name a new folder");
        if (!Mnemonic.Parse(words).TryGet(out var mnemonic, out var refusal) || !NodeSeed.Passphrase(Environment.GetEnvironmentVariable).TryGet(out var passphrase, out refusal))
            return refusal;
        using var keys = NodeSeed.Keys(mnemonic);
        var options = new NodeOptions(settings.Network);
        if (!OpenChain(settings, clock).TryGet(out var chain, out refusal))
            return refusal;
        await using (chain)
        {
            // The channels come first: with other words nothing opens, and the folder stays empty.
            if (!OpenFolder("--data", HostedNode.ChannelFolderOf(settings.DataFolder)).TryGet(out var folder, out refusal))
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
            if (!WalletLogStore.Open(HostedNode.WalletFolderOf(settings.DataFolder), SystemEntropy.Instance).TryGet(out var store, out refusal))
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
        if (payTo is null && !(await Node.NewAddressAsync(cancellationToken)).TryGet(out payTo, out var refusal))
            return refusal;
        return (await embedded.MineAsync(blocks, payTo.ScriptPubKey, cancellationToken)).TryGet(out _, out var error)
            ? new MinedView(blocks, _chain.Status.Tip?.Height ?? 0)
            : new Refusal("blocks", error.Reason);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
            await _control.DisposeAsync();
        await _hosted.DisposeAsync();
        await _chain.DisposeAsync();
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
}
