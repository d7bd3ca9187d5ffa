using System.Net;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Wallets;
using Tributary.Crypto;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Backups;
using Tributary.Lightning.Node.Hosting;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Lightning;

namespace Tributary.Server.Nodes;

/// <summary>
/// The merchant's Lightning node and wallet within the server, on the server's own chain source. It opens in the background, so that the server
/// answers at once; what needs it says so until it is there. Its logs admit one process at a time.
/// </summary>
internal sealed partial class MerchantNode(
    ServerOptions options, IChainSource chain, Opening<LightningBackend> lightning, Opening<Wallet> wallet, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<MerchantNode> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_openingMax = TimeSpan.FromSeconds(30);
    private readonly long _began = clock.GetTimestamp();
    private readonly Opening<HostedNode> _open = new();
    private readonly RunWitness? _witness = RunWitness.OfMachine();

    /// <summary>The node with its wallet; it may still be looking through the chain.</summary>
    internal Opening<HostedNode> Opening => _open;

    /// <summary>Does the node take longer to open than it should?</summary>
    internal bool IsLate(TimeProvider now) => _open.Current is null && now.GetElapsedTime(_began) > s_openingMax;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The server's own start goes first.
        await Task.Yield();
        try
        {
            await using var hosted = await OpenAsync(stoppingToken);
            lightning.Complete(new LightningBackend(hosted.Node, hosted.PaymentSecret));
            wallet.Complete(hosted.Wallet);
            _open.Complete(hosted);
            await hosted.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception) when (exception is IOException or ChainSourceLostException)
        {
            // A node that cannot write or cannot see is worse than none: what it promised is on disk, and a restart goes on from there.
            LogStopped(exception.Message);
        }

        lifetime.StopApplication();
    }

    public override void Dispose()
    {
        _witness?.Dispose();
        base.Dispose();
    }

    private async Task<HostedNode> OpenAsync(CancellationToken cancellationToken)
    {
        var node = new NodeOptions(options.Network)
        {
            Alias = "tributary",
            IsMoved = options.IsMoved,
            Witness = _witness,
            Listen = options.LightningListen ?? new IPEndPoint(IPAddress.Loopback, 0),
        };
        string? last = null;
        while (true)
        {
            if (!NodeSeed.Passphrase(Environment.GetEnvironmentVariable).TryGet(out var passphrase, out var refusal))
                throw new IOException(refusal.ToString());
            var opened = await HostedNode.OpenAsync(Path.Combine(options.DataFolder, "node"), node, passphrase, chain, SystemEntropy.Instance, clock, cancellationToken);
            if (opened.TryGet(out var hosted, out refusal))
                return hosted;

            // bitcoind that is away comes back; another process that has the folder may end.
            // What bitcoind's side says is a sentence of its own; other reasons go on from the word that they are about.
            var problem = refusal.Field is "--bitcoind" ? $"waits for its chain: {refusal.Reason}" : $"{refusal.Field} {refusal.Reason}";
            lightning.Delay(problem);
            wallet.Delay(problem);
            _open.Delay(problem);
            if (!string.Equals(problem, last, StringComparison.Ordinal))
                LogWaiting(problem);
            last = problem;
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The Lightning node has stopped: {Reason}")]
    private partial void LogStopped(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lightning node is not open yet: {Reason}")]
    private partial void LogWaiting(string reason);
}
