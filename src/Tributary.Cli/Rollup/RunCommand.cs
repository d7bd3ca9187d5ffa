using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Spectre.Console;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Serving;
using Tributary.Cli.Rollup.Swaps;
using Tributary.Cli.Rollup.Views;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Swaps.Providing;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup run</c>: sequencer, anchorer, prover and mirror of a rollup.</summary>
internal static class RunCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var listen = new Option<string>("--listen") { Description = "HOST:PORT to take operations and serve proofs on.", DefaultValueFactory = static _ => "127.0.0.1:8660" };
        var depth = Number("--depth", "Blocks below Bitcoin's tip that rollup time runs at: a reorganisation that is deeper makes batches anew.", 6);
        var blocks = Number("--batch-blocks", "Blocks after which a batch with operations is closed.", 1);
        var seconds = Number("--batch-seconds", "Seconds that an operation waits at most for its batch to be closed, while no other is on its way.", 120);
        var fee = Number("--fee-min", "The least fee of an operation, in satoshis: it has to carry its share of the anchor.", 1);
        var feerate = Number("--feerate-max", "The most that an anchor may ever pay, in sat/vB: a commitment sets it aside.", 50);
        var threads = Number("--prover-threads", "Threads of the prover.", Math.Max(1, Environment.ProcessorCount - 1));
        var swaps = new Option<string?>("--swaps") { Description = "Offer swaps with the money of this wallet's folder ('rollup wallet create' makes it), which this takes over while it runs." };
        var noProver = new Option<bool>("--no-prover") { Description = "Do not prove here: 'tributary rollup prove' does it while this does not run." };
        var command = new Command("run", "Run the rollup of a folder: take operations, anchor batches in Bitcoin, prove them, and serve the proofs.")
        {
            RollupOptions.Bitcoind, RollupOptions.Cookie, RollupOptions.RealMoney, listen, depth, blocks, seconds, fee, feerate, threads, noProver, swaps,
        };
        SwapOfferOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            foreach (var (option, least, most) in new[] { (depth, 1, 100), (blocks, 1, 1_000), (seconds, 1, 86_400), (fee, 0, 1_000_000), (feerate, 1, 10_000), (threads, 1, 256) })
            {
                if (parsed.GetValue(option) < least || parsed.GetValue(option) > most)
                    return writer.Fail(option.Name, $"lies between {least} and {most}");
            }

            if (!RollupOptions.ReadEndpoint("--listen", parsed.GetValue(listen)!).TryGet(out var endpoint, out var refusal))
                return writer.Fail(refusal);
            if (!SwapOfferOptions.Read(parsed, new FeeratePerKvB(parsed.GetValue(feerate) * 1000L)).TryGet(out var offers, out refusal))
                return writer.Fail(refusal);
            var options = new RollupServiceOptions
            {
                Operator = new OperatorOptions { Depth = parsed.GetValue(depth), BatchBlocks = parsed.GetValue(blocks), BatchAge = TimeSpan.FromSeconds(parsed.GetValue(seconds)) },
                FeeMin = (ulong)parsed.GetValue(fee),
                FeerateMax = new FeeratePerKvB(parsed.GetValue(feerate) * 1000L),
                ProverThreads = parsed.GetValue(threads),
                Proves = !parsed.GetValue(noProver),
            };
            var folder = Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!);
            if (!OperatorFile.Read(folder).TryGet(out var file, out refusal) || !RollupOptions.Passphrase().TryGet(out var passphrase, out refusal))
                return writer.Fail(refusal);
            _ = BitcoinNetwork.TryParse(file.Network, out var network);
            if (RollupOptions.CheckRealMoney(parsed, network!) is { } real)
                return writer.Fail(real);
            if (!RollupOptions.OpenChain(parsed, network!, clock).TryGet(out var chain, out refusal))
                return writer.Fail(refusal);
            await using (chain)
            {
                if (!(await OperatorFolder.OpenAsync(folder, passphrase, chain, SystemEntropy.Instance, clock, cancellationToken)).TryGet(out var opened, out refusal))
                    return writer.Fail(refusal);
                if (!RollupService.Open(opened, chain, options, SystemEntropy.Instance, clock).TryGet(out var service, out refusal))
                {
                    await opened.DisposeAsync();
                    return writer.Fail(refusal);
                }

                await using (service)
                {
                    if (parsed.GetValue(swaps) is { } folderOfSwaps && await OfferSwapsAsync(service, Path.GetFullPath(folderOfSwaps), passphrase, offers, chain, clock, cancellationToken) is { } unusable)
                        return writer.Fail(unusable);
                    return await ServeAsync(service, endpoint, writer, cancellationToken);
                }
            }
        });
        return command;
    }

    private static async Task<int> ServeAsync(RollupService service, System.Net.IPEndPoint endpoint, ReportWriter writer, CancellationToken cancellationToken)
    {
        var desk = new RollupDesk(service);
        var started = await HttpHost.StartAsync(
            endpoint,
            app =>
            {
                RollupEndpoints.Map(app, desk);
                SwapEndpoints.Map(app, service.Swaps);
                ProofEndpoints.Map(app, service.Proofs);
            },
            cancellationToken);
        if (!started.TryGet(out var host, out var refusal))
            return writer.Fail(refusal);
        await using (host)
        {
            var view = desk.Describe();
            _ = writer.Report(new RunView(host.Url, view.Rollup, view.Network, view.Parameters, view.Vault), RollupJson.Plain.RunView, Show);
            return await service.RunAsync(cancellationToken) is { } problem ? writer.Fail(problem) : 0;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The service owns the wallet.")]
    private static async Task<Refusal?> OfferSwapsAsync(
        RollupService service, string folder, WalletPassphrase passphrase, SwapProviderOptions options, IChainSource chain, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!(await RollupWallet.OpenAsync(folder, passphrase, chain, SystemEntropy.Instance, clock, cancellationToken)).TryGet(out var wallet, out var refusal))
            return new Refusal("--swaps", refusal.Reason);
        if (await service.OfferSwapsAsync(wallet, options) is not { } unusable)
            return null;
        await wallet.DisposeAsync();
        return unusable;
    }

    private static void Show(IAnsiConsole terminal, RunView view)
    {
        terminal.WriteLine($"Rollup {view.Rollup} runs on {view.Network}: {view.Url}");
        terminal.WriteLine($"How far it is: tributary rollup status --rollup {view.Url}");
        terminal.WriteLine("Stop it with Ctrl+C.");
    }

    private static Option<int> Number(string name, string description, int otherwise) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} ({otherwise})"),
        DefaultValueFactory = _ => otherwise,
    };
}
