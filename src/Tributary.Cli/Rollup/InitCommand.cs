using System.CommandLine;
using Spectre.Console;
using Tributary.Bitcoin.Chain;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Views;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Operating;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup init</c>: makes an operator's folder and begins its rollup on Bitcoin.</summary>
internal static class InitCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var parameters = new Option<string>("--parameters") { Description = "'fast' proves quickly, 'small' makes proofs of a third of the size. It is for ever.", DefaultValueFactory = static _ => "fast" };
        var segment = new Option<int?>("--segment") { Description = "Signatures of a segment: a proof's work and memory grow with them (1230 for fast, 307 for small)." };
        var feerate = new Option<int>("--feerate-max") { Description = "The most that the beginning may pay, in sat/vB.", DefaultValueFactory = static _ => 50 };
        var wait = new Option<bool>("--wait") { Description = "Wait until the wallet can pay for the beginning, instead of saying where to send bitcoin." };
        var command = new Command("init", "Make an operator's wallet and keys, and begin a rollup on Bitcoin once the wallet can pay for that: give the command again then.")
        {
            RollupOptions.Network, RollupOptions.Bitcoind, RollupOptions.Cookie, RollupOptions.NoPassphrase, RollupOptions.Words, RollupOptions.RealMoney, parameters, segment, feerate, wait,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            var folder = Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!);
            if (!RollupOptions.ReadNetwork(parsed).TryGet(out var network, out var refusal))
                return writer.Fail(refusal);
            if (RollupOptions.CheckRealMoney(parsed, network) is { } real)
                return writer.Fail(real);
            if (!ParameterSet.TryParse(parsed.GetValue(parameters)!, out var set))
                return writer.Fail("--parameters", $"'{parsed.GetValue(parameters)}' is neither fast nor small");
            var signatures = parsed.GetValue(segment) ?? set.SegmentSignatures;
            if (signatures is < 8 or > 8_000)
                return writer.Fail("--segment", "lies between 8 and 8000 signatures");
            if (parsed.GetValue(feerate) is var rate && rate is < 1 or > 10_000)
                return writer.Fail("--feerate-max", "lies between 1 and 10000 sat/vB");
            if (!RollupOptions.OpenChain(parsed, network, clock).TryGet(out var chain, out refusal))
                return writer.Fail(refusal);
            await using (chain)
            {
                if (!(await OpenAsync(parsed, folder, set, signatures, chain, writer, clock, cancellationToken)).TryGet(out var opened, out refusal))
                    return writer.Fail(refusal);
                await using (opened)
                {
                    var begun = await BeginAsync(opened, parsed, chain, new FeeratePerKvB(rate * 1000L), parsed.GetValue(wait), cancellationToken);
                    return begun.TryGet(out var view, out refusal) ? writer.Report(view, RollupJson.Plain.InitView, Show) : writer.Fail(refusal);
                }
            }
        });
        return command;
    }

    private static async Task<Result<OperatorFolder, Refusal>> OpenAsync(
        ParseResult parsed, string folder, ParameterSet set, int signatures, IChainSource chain, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (OperatorFile.IsIn(folder))
        {
            return RollupOptions.Passphrase().TryGet(out var known, out var sealedRefusal)
                ? await OperatorFolder.OpenAsync(folder, known, chain, SystemEntropy.Instance, clock, cancellationToken)
                : sealedRefusal;
        }

        if (!RollupOptions.NewPassphrase(parsed).TryGet(out var passphrase, out var refusal))
            return refusal;
        if (RollupOptions.MakeFolder(folder) is { } unusable)
            return unusable;
        return await WorkDisplay.RunAsync(writer, clock, "making the operator's key", progress => OperatorFolder.CreateAsync(
            folder, chain.Network, set, signatures, passphrase, chain, SystemEntropy.Instance, clock, progress, cancellationToken));
    }

    private static async Task<Result<InitView, Refusal>> BeginAsync(
        OperatorFolder folder, ParseResult parsed, IChainSource chain, FeeratePerKvB feerateMax, bool waits, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = folder.Wallet.RunAsync(stop.Token);
        try
        {
            if (await folder.Wallet.WaitUntilSyncedAsync(cancellationToken) is { } away)
                return new Refusal("--bitcoind", away.Reason);
            if (!(await folder.AddressAsync(cancellationToken)).TryGet(out var address, out var refusal))
                return refusal;
            while (true)
            {
                var changed = folder.Wallet.NextChange;
                if ((await folder.BeginAsync(chain, feerateMax, SystemEntropy.Instance, cancellationToken)).TryGet(out _, out refusal))
                    break;
                if (refusal.Field is not "wallet")
                    return refusal;
                if (!waits)
                    break;
                await changed.WaitAsync(cancellationToken);
            }

            return await ViewAsync(folder, address, parsed.GetValue(RollupOptions.Words));
        }
        finally
        {
            await stop.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task<Result<InitView, Refusal>> ViewAsync(OperatorFolder folder, string address, bool showsWords)
    {
        string? words = null;
        if (showsWords)
        {
            if (!RollupOptions.Passphrase().TryGet(out var passphrase, out var refusal) || !folder.Wallet.RevealSeed(passphrase).TryGet(out var seed, out refusal))
                return Task.FromResult<Result<InitView, Refusal>>(refusal);
            using (seed)
                words = seed.Mnemonic?.Reveal();
        }

        return Task.FromResult<Result<InitView, Refusal>>(new InitView(
            folder.Rollup is null ? "unfunded" : "begun",
            folder.Path,
            folder.File.Network,
            folder.File.Parameters,
            folder.Rollup?.ToString(),
            folder.File.GenesisTransaction,
            folder.File.FromHeight,
            address,
            folder.Wallet.Balance.Spendable.Value,
            words));
    }

    private static void Show(IAnsiConsole terminal, InitView view)
    {
        if (view.Rollup is null)
        {
            terminal.WriteLine($"The keys are made. Send bitcoin to {view.Address} (100,000 sat are set aside for the beginning, more for batches),");
            terminal.WriteLine($"wait for a block, and give 'tributary rollup init --data {view.Data}' again.");
        }
        else
        {
            terminal.WriteLine($"Rollup {view.Rollup} begins in transaction {view.GenesisTransaction}.");
            terminal.WriteLine($"Run it: tributary rollup run --data {view.Data} --bitcoind URL");
            terminal.WriteLine($"Batches are paid from {view.Address}, which holds {view.WalletSat} sat now.");
        }

        if (view.Words is not null)
            terminal.WriteLine($"Words: {view.Words}");
    }
}
