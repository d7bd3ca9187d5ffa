using System.CommandLine;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Swaps;
using Tributary.Crypto;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup.Wallets;

/// <summary>Opens the wallet of a command's folder, with the operator and, where one was named, the chain.</summary>
internal sealed class OpenWallet : IAsyncDisposable
{
    private readonly IChainSource? _chain;
    private readonly HttpClient _http;

    private OpenWallet(RollupWallet wallet, RollupClient client, HttpClient http, IChainSource? chain) => (Wallet, Client, _http, _chain) = (wallet, client, http, chain);

    internal RollupWallet Wallet { get; }

    internal RollupClient Client { get; }

    /// <summary>The chain that was named; null where none was.</summary>
    internal IChainSource? Chain => _chain;

    /// <summary>Runs a command with it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="needsChain">True to refuse a command without --bitcoind.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="work">The command.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<int> RunAsync(ParseResult parsed, bool needsChain, TimeProvider clock, Func<OpenWallet, ReportWriter, Task<int>> work, CancellationToken cancellationToken)
    {
        var writer = ReportWriter.For(parsed);
        var folder = Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!);
        if (!WalletFile.Read(folder).TryGet(out var file, out var refusal)
            || !RollupOptions.Passphrase().TryGet(out var passphrase, out refusal)
            || !RollupOptions.OperatorAddress(parsed, file.Address).TryGet(out var address, out refusal))
            return writer.Fail(refusal);
        _ = BitcoinNetwork.TryParse(file.Network, out var network);
        IChainSource? chain = null;
        if ((needsChain || parsed.GetValue(RollupOptions.Bitcoind) is not null) && !RollupOptions.OpenChain(parsed, network!, clock).TryGet(out chain, out refusal))
            return writer.Fail(refusal);
        if (!(await RollupWallet.OpenAsync(folder, passphrase, chain, SystemEntropy.Instance, clock, cancellationToken)).TryGet(out var wallet, out refusal))
        {
            if (chain is not null)
                await chain.DisposeAsync();
            return writer.Fail(refusal);
        }

        var http = RollupClient.CreateHttp();
        await using var open = new OpenWallet(wallet, new RollupClient(http, address), http, chain);
        return await work(open, writer);
    }

    /// <summary>Does something with the coins on Bitcoin, once the wallet has looked through the chain.</summary>
    internal async Task<Result<T, Refusal>> WithCoinsAsync<T>(Func<Wallet, IChainSource, Task<Result<T, Refusal>>> work, CancellationToken cancellationToken)
        where T : notnull
    {
        if (_chain is not { } chain)
            return new Refusal("--bitcoind", "is missing: give the RPC address of a bitcoind, like http://127.0.0.1:18443/");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = Wallet.Coins.RunAsync(stop.Token);
        try
        {
            return await Wallet.Coins.WaitUntilSyncedAsync(cancellationToken) is { } away ? new Refusal("--bitcoind", away.Reason) : await work(Wallet.Coins, chain);
        }
        finally
        {
            await stop.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does something with the rollup as Bitcoin has it, up to the tip.</summary>
    internal async Task<Result<T, Refusal>> WithReplicaAsync<T>(ParseResult parsed, Func<WalletReplica, Task<Result<T, Refusal>>> work, IProgress<double>? progress, CancellationToken cancellationToken)
        where T : notnull
    {
        if (_chain is not { } chain)
            return new Refusal("--bitcoind", "is missing: give the RPC address of a bitcoind, like http://127.0.0.1:18443/");
        if (!SwapOptions.ReadSources(parsed, _http, Client.Address).TryGet(out var sources, out var refusal) || !(await WalletReplica.OpenAsync(Wallet, chain, sources, cancellationToken)).TryGet(out var replica, out refusal))
            return refusal;
        await using (replica)
            return await replica.ReachTipAsync(null, progress, cancellationToken) is { } problem ? problem : await work(replica);
    }

    public async ValueTask DisposeAsync()
    {
        await Wallet.DisposeAsync();
        _http.Dispose();
        if (_chain is not null)
            await _chain.DisposeAsync();
    }
}
