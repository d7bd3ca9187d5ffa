using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Descriptors;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Payments.Rails;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Nodes;

/// <summary>
/// A wallet whose keys are elsewhere: the server hands out its addresses and sees what comes. Which addresses were given out is stored, so all of
/// them are watched, however many were never paid.
/// </summary>
internal sealed partial class WatchedWallet(ServerOptions options, IChainSource chain, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<WatchedWallet> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    // A signer may be in a safe: so long no other transaction is made of the same coins.
    private static readonly TimeSpan s_signing = TimeSpan.FromDays(365);

    /// <summary>The wallet, once it is open.</summary>
    internal Opening<Wallet> Opening { get; } = new();

    private string Folder => Path.Combine(options.DataFolder, "watched-wallet");

    /// <summary>What keeps a text from being a wallet to watch; null where nothing does.</summary>
    internal static Refusal? Check(string text, BitcoinNetwork network)
    {
        if (!Descriptor.Parse(DescriptorOf(text), network).TryGet(out var descriptor, out var refusal))
            return new Refusal("--onchain-descriptor", $"{refusal.Field}: {refusal.Reason}");
        using (descriptor)
        {
            if (descriptor.HasSecretKeys)
                return new Refusal("--onchain-descriptor", "holds secret keys: give its public form, and keep the keys elsewhere");
            if (!descriptor.IsRanged)
                return new Refusal("--onchain-descriptor", "has one address only: give one with a '*', so that each payment has an address of its own");
            return descriptor.MultipathCount > 2
                ? new Refusal("--onchain-descriptor", "stands for more than one set of addresses and one of change")
                : null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await using var wallet = await OpenAsync(stoppingToken);
            Opening.Complete(wallet);
            await wallet.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception) when (exception is IOException or ChainSourceLostException)
        {
            LogStopped(exception.Message);
        }

        lifetime.StopApplication();
    }

    // An extended public key alone stands for its P2WPKH addresses and change (BIP 84, BIP 389).
    private static string DescriptorOf(string text) =>
        text.StartsWith("xpub", StringComparison.Ordinal) || text.StartsWith("tpub", StringComparison.Ordinal) ? $"wpkh({text}/<0;1>/*)" : text;

    private async Task<Wallet> OpenAsync(CancellationToken cancellationToken)
    {
        string? last = null;
        while (true)
        {
            if ((await TryOpenAsync(cancellationToken)).TryGet(out var wallet, out var refusal))
                return wallet;
            var problem = $"{refusal.Field} {refusal.Reason}";
            Opening.Delay(problem);
            if (!string.Equals(problem, last, StringComparison.Ordinal))
                LogWaiting(problem);
            last = problem;
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    private async Task<Result<Wallet, Refusal>> TryOpenAsync(CancellationToken cancellationToken)
    {
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("chain", error.Reason);
        var isNew = !Path.Exists(Folder);
        if (!WalletLogStore.Open(Folder, SystemEntropy.Instance).TryGet(out var store, out var refusal))
            return refusal;
        var creation = new WalletCreation(options.Network) { Descriptors = [DescriptorOf(options.OnChainDescriptor!)], Birthday = tip };
        var behaviour = new WalletOptions { FallbackFeerate = options.Network == BitcoinNetwork.Mainnet ? null : new FeeratePerKvB(4000), DraftLease = s_signing };
        var opened = isNew
            ? await Wallet.CreateAsync(store, creation, chain, SystemEntropy.Instance, clock, behaviour, cancellationToken)
            : await Wallet.OpenAsync(store, chain, SystemEntropy.Instance, clock, behaviour, cancellationToken);
        if (!opened.TryGet(out var wallet, out refusal))
        {
            await store.DisposeAsync();
            return refusal;
        }

        if (wallet.Descriptors.Contains(FirstOf(creation.Descriptors[0], options.Network), StringComparer.Ordinal))
            return wallet;
        await wallet.DisposeAsync();
        return new Refusal("--onchain-descriptor", $"is another one than {Folder} was made for: shoppers may still pay that one's addresses, so name it again, or use another data folder");
    }

    private static string FirstOf(string text, BitcoinNetwork network)
    {
        using var descriptor = Descriptor.Parse(text, network).Value;
        return descriptor.ExpandMultipath()[0].ToString();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The watched wallet has stopped: {Reason}")]
    private partial void LogStopped(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watched wallet is not open yet: {Reason}")]
    private partial void LogWaiting(string reason);
}
