using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Tests.Node;

/// <summary>A node with wallet and disk, which are kept when it is stopped and started again.</summary>
internal sealed class WholeNode : IAsyncDisposable
{
    private readonly NodeNetwork _network;
    private readonly NodeKeys _keys;
    private readonly CancellationTokenSource _end = new();
    private CancellationTokenSource _stop = new();
    private Task _following;
    private Task _running = Task.CompletedTask;
    private LightningNode? _node;

    private WholeNode(NodeNetwork network, NodeOptions options, NodeKeys keys, Wallet wallet, IStorageDirectory disk)
    {
        (_network, Options, _keys, Wallet, Disk) = (network, options, keys, wallet, disk);
        _following = wallet.RunAsync(_end.Token);
    }

    internal NodeOptions Options { get; set; }

    internal Wallet Wallet { get; }

    internal IStorageDirectory Disk { get; set; }

    internal LightningNode Lightning => _node ?? throw new InvalidOperationException("The node does not run.");

    internal PublicKey Id => _keys.Identity.PublicKey;

    internal SecretKey Key => _keys.Identity;

    internal bool IsRunning => _node is not null;

    internal PeerAddress Address => new(Id, "127.0.0.1", (ushort)Lightning.ListenAddress!.Port);

    /// <summary>Completes when it has ended by itself.</summary>
    internal Task Running => _running;

    internal static async Task<WholeNode> CreateAsync(NodeNetwork network, NodeOptions options, int number, CancellationToken cancellationToken, IStorageDirectory? disk = null)
    {
        using var seed = WalletSeed.Generate(SystemEntropy.Instance);
        var creation = new WalletCreation(BitcoinNetwork.Regtest) { Seed = seed, Passphrase = WalletPassphrase.None, Birthday = network.Chain.Status.Tip };
        var walletOptions = new WalletOptions { FallbackFeerate = new FeeratePerKvB(4000) };
        var wallet = (await Wallet.CreateAsync(new MemoryWalletStore(), creation, network.Chain, SystemEntropy.Instance, TimeProvider.System, walletOptions, cancellationToken)).Value;
        Span<byte> nodeSeed = stackalloc byte[32];
        SystemEntropy.Instance.Fill(nodeSeed);
        nodeSeed[0] = (byte)number;
        var node = new WholeNode(network, options, NodeKeys.FromSeed(nodeSeed), wallet, disk ?? new MemoryDirectory());
        await node.StartAsync(cancellationToken);
        return node;
    }

    /// <summary>Opens it on its disk and runs it until it has looked through the chain.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        _stop = new CancellationTokenSource();
        _node = (await LightningNode.OpenAsync(Options, _keys, Disk, Wallet, _network.Chain, SystemEntropy.Instance, TimeProvider.System, cancellationToken)).Value;
        _running = _node.RunAsync(_stop.Token);
        await await Task.WhenAny(_node.Ready, _running).WaitAsync(cancellationToken);

        // Peers dial it again where it was.
        if (_node.ListenAddress is { } address)
            Options = Options with { Listen = address };
    }

    /// <summary>Opens it on its disk, and does not run it.</summary>
    internal async Task<Result<LightningNode, Refusal>> TryOpenAsync(CancellationToken cancellationToken) =>
        await LightningNode.OpenAsync(Options, _keys, Disk, Wallet, _network.Chain, SystemEntropy.Instance, TimeProvider.System, cancellationToken);

    /// <summary>Ends it in order.</summary>
    internal async Task StopAsync()
    {
        if (_node is null)
            return;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _node.DisposeAsync();
        _node = null;
        _stop.Dispose();
    }

    internal async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        await StartAsync(cancellationToken);
    }

    internal async Task<InvoiceReport> InvoiceAsync(long millisatoshis, CancellationToken cancellationToken, bool isHold = false) =>
        (await Lightning.CreateInvoiceAsync(new InvoiceRequest(new MilliSatoshis(millisatoshis)) { IsHold = isHold }, cancellationToken)).Value;

    internal Task<Result<PaymentReport, Refusal>> PayAsync(string invoice, CancellationToken cancellationToken) => Lightning.PayAsync(new PayRequest(invoice), cancellationToken);

    /// <summary>The first event after a number that is of a kind and a subject.</summary>
    internal async Task<NodeEvent> EventAsync(NodeEventKind kind, Bytes32? subject, CancellationToken cancellationToken, ulong after = 0)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(4));
        await foreach (var one in Lightning.FollowEventsAsync(after, patience.Token))
        {
            if (one.Kind == kind && (subject is null || one.Subject == subject))
                return one;
        }

        throw new InvalidOperationException("Events end only with their token.");
    }

    /// <summary>All events so far.</summary>
    internal async Task<IReadOnlyList<NodeEvent>> EventsAsync(CancellationToken cancellationToken)
    {
        var last = await Lightning.LastEventAsync(cancellationToken);
        var events = new List<NodeEvent>();
        if (last == 0)
            return events;
        await foreach (var one in Lightning.FollowEventsAsync(0, cancellationToken))
        {
            events.Add(one);
            if (one.Sequence >= last)
                break;
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _end.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Wallet.DisposeAsync();
        _keys.Dispose();
        _end.Dispose();
        _following = Task.CompletedTask;
    }
}
