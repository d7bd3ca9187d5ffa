using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Swaps.Wallets;

namespace Tributary.Cli.Rollup.Swaps;

/// <summary><c>tributary rollup swap</c>: coins on Bitcoin against money in the rollup, with nobody trusted with either.</summary>
internal static class SwapCommand
{
    internal static Command Create(TimeProvider clock) => new("swap", "Exchange bitcoin on the chain against money in the rollup, or back, with the operator as the other side: neither can take without giving.")
    {
        SwapBeginCommand.Create(clock, SwapDirection.In),
        SwapBeginCommand.Create(clock, SwapDirection.Out),
        SwapBeginCommand.CreateOffer(clock),
        SwapDriveCommand.CreateAccept(clock),
        SwapDriveCommand.CreateResume(clock),
        CreateStatus(clock),
        CreateAbort(clock),
    };

    internal static void Show(IAnsiConsole terminal, SwapReport view)
    {
        var about = view.AboutTo is null ? "" : $" (about to {view.AboutTo.Replace('_', ' ')})";
        terminal.WriteLine($"{view.Swap[..16]} {view.Direction}, {view.State}{about}: {view.Words}.");
        if (view.Problem is not null)
            terminal.WriteLine($"  problem: {view.Problem} (tried again)");
    }

    internal static void Show(IAnsiConsole terminal, SwapOfferView offer)
    {
        if (!offer.IsOpen)
        {
            terminal.WriteLine($"No swaps are offered now: {offer.Problem}.");
            return;
        }

        terminal.WriteLine(Text($"in    up to {offer.InMax:N0} sat: pay on Bitcoin, have it in the rollup"));
        terminal.WriteLine(Text($"out   up to {offer.OutMax:N0} sat: pay in the rollup, have it on Bitcoin"));
        terminal.WriteLine(Text($"fee   {offer.FeeSat:N0} sat and {offer.FeePpm / 10_000m:0.####} % of the amount, which is {offer.AmountMin:N0} sat at least"));
        terminal.WriteLine(Text($"time  an offer that you ask for stands for {offer.QuoteBlocks} blocks; margins {string.Join(',', offer.Margins)} (docs/rollup/swaps.md)"));
        terminal.WriteLine("Begin: tributary rollup swap in --amount SATS, or out.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Command CreateStatus(TimeProvider clock)
    {
        var command = new Command("status", "Show swaps and where their money is; with --bitcoind as blocks have it now.") { SwapOptions.Swap, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, SwapOptions.Proofs };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: false,
            clock,
            async (open, writer) =>
            {
                if (!SwapOptions.Find(open.Wallet, parsed.GetValue(SwapOptions.Swap)).TryGet(out var paths, out var refusal)
                    || !(await SwapWorkbench.LookAsync(open, parsed, paths, writer, clock, cancellationToken)).TryGet(out var views, out refusal))
                    return writer.Fail(refusal);
                return writer.Report(new SwapListView(views), RollupJson.Plain.SwapListView, static (terminal, list) =>
                {
                    if (list.Swaps.Count == 0)
                        terminal.WriteLine("This wallet has no swaps. Begin one: tributary rollup swap in --amount SATS, or out.");
                    foreach (var view in list.Swaps)
                        Show(terminal, view);
                });
            },
            cancellationToken));
        return command;
    }

    private static Command CreateAbort(TimeProvider clock)
    {
        var swap = new Argument<string>("swap") { Description = "The swap's hash, or the beginning of it." };
        var command = new Command("abort", "Give up a swap: nothing more is locked and the preimage is not shown; what is locked comes back at its timeout, with 'swap resume'.") { swap, RollupOptions.Rollup };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: false,
            clock,
            async (open, writer) =>
            {
                if (!SwapOptions.Find(open.Wallet, parsed.GetValue(swap)).TryGet(out var paths, out var refusal)
                    || !SwapFolder.Open(paths[0], Crypto.SystemEntropy.Instance).TryGet(out var folder, out refusal))
                    return writer.Fail(refusal);
                await using (folder)
                    return await AbortAsync(open, folder, cancellationToken) is { } late ? writer.Fail(late) : writer.Report(SwapReport.Of(folder), RollupJson.Plain.SwapReport, Show);
            },
            cancellationToken));
        return command;
    }

    private static async Task<Refusal?> AbortAsync(OpenWallet open, SwapFolder folder, CancellationToken cancellationToken)
    {
        if (folder.Journal.Memory is not { } memory)
        {
            Directory.Delete(folder.FolderPath, recursive: true);
            return null;
        }

        if (await folder.Journal.AbortAsync() is { } late)
            return late;

        // A payment is stored in the wallet, and a lock in its book, before anybody sees it: where there is none, nothing can come any more.
        var isSigned = memory.Terms.Direction == SwapDirection.In ? WalletSwapParty.HasFunded(open.Wallet.Coins, memory.Terms) : memory.Lock is not null;
        if (isSigned)
            return null;
        await folder.Journal.EndAsync(SwapStep.Unlocked);

        // The operator sets nothing aside for it any more; where it does not answer, that ends by itself.
        _ = await open.Client.CancelSwapAsync(folder.Hash, memory.Preimage!.Value, cancellationToken);
        return null;
    }
}
