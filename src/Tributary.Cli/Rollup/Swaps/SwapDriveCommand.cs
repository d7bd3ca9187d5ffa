using System.CommandLine;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Crypto;
using Tributary.Primitives.Results;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Swaps.Wallets;

namespace Tributary.Cli.Rollup.Swaps;

/// <summary><c>tributary rollup swap accept</c> and <c>resume</c>: carry swaps out, from wherever they were left.</summary>
internal static class SwapDriveCommand
{
    internal static Command CreateAccept(TimeProvider clock)
    {
        var swap = new Argument<string>("swap") { Description = "The offer's hash, or the beginning of it." };
        var command = new Command("accept", "Take an offer that 'swap offer' asked for, and carry the swap out.")
        {
            swap, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, SwapOptions.Proofs, SwapOptions.Feerate, SwapOptions.Force,
        };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: true,
            clock,
            async (open, writer) =>
            {
                if (!SwapOptions.Find(open.Wallet, parsed.GetValue(swap)).TryGet(out var paths, out var refusal))
                    return writer.Fail(refusal);
                return await AcceptAsync(open, paths[0], accepts: true, cancellationToken) is { } late
                    ? writer.Fail(late)
                    : await DriveAsync(open, parsed, paths, writer, clock, cancellationToken);
            },
            cancellationToken));
        return command;
    }

    internal static Command CreateResume(TimeProvider clock)
    {
        var command = new Command("resume", "Go on with swaps that were interrupted, until they are over. To be run soon after an interruption: what is not claimed in time can be lost.")
        {
            SwapOptions.Swap, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, SwapOptions.Proofs, SwapOptions.Feerate, SwapOptions.Force,
        };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: true,
            clock,
            async (open, writer) =>
            {
                if (!SwapOptions.Find(open.Wallet, parsed.GetValue(SwapOptions.Swap)).TryGet(out var paths, out var refusal))
                    return writer.Fail(refusal);
                var wanted = new List<string>();
                foreach (var path in paths)
                {
                    // Of many, those that are over or were never taken are passed over; what stands in the way of one is said.
                    if (await AcceptAsync(open, path, accepts: false, cancellationToken) is not { } skipped)
                        wanted.Add(path);
                    else if (skipped.Field is not "swap.over" && (skipped.Field is not "swap" || parsed.GetValue(SwapOptions.Swap) is not null))
                        return writer.Fail(skipped);
                }

                return wanted.Count == 0
                    ? writer.Report(new SwapListView([]), RollupJson.Plain.SwapListView, static (terminal, _) => terminal.WriteLine("There is nothing to go on with."))
                    : await DriveAsync(open, parsed, wanted, writer, clock, cancellationToken);
            },
            cancellationToken));
        return command;
    }

    /// <summary>Carries swaps out that are agreed on; says each change, the last of each being how it ended.</summary>
    internal static async Task<int> DriveAsync(OpenWallet open, ParseResult parsed, IReadOnlyList<string> paths, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        void Tell(SwapReport view)
        {
            last[view.Swap] = view.State;
            _ = writer.Report(view, RollupJson.Plain.SwapReport, SwapCommand.Show);
        }

        if (!SwapOptions.ReadFeerate(parsed).TryGet(out _, out var refusal) || !(await SwapWorkbench.OpenAsync(open, parsed, paths, Tell, cancellationToken)).TryGet(out var bench, out refusal))
            return writer.Fail(refusal);
        await using (bench)
        {
            if (await bench.RunAsync(Tell, writer.IsJson, clock, cancellationToken) is { } problem)
                return writer.Fail(problem);
        }

        return last.Values.All(static state => state is "swapped") ? 0 : 1;
    }

    // Null where the swap is to be carried out.
    private static async Task<Refusal?> AcceptAsync(OpenWallet open, string path, bool accepts, CancellationToken cancellationToken)
    {
        if (!SwapFolder.Open(path, SystemEntropy.Instance).TryGet(out var folder, out var refusal))
            return refusal;
        await using (folder)
        {
            if (folder.Journal.Memory?.Outcome is { } outcome)
                return new Refusal("swap.over", $"{folder.File.Hash[..16]} is over: {SwapStory.NameOf(outcome)}");
            if (!folder.File.IsAccepted && !accepts)
                return new Refusal("swap", $"{folder.File.Hash[..16]} is an offer that was not accepted: 'tributary rollup swap accept {folder.File.Hash[..16]}' does");
            if (!(await open.Chain!.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
                return new Refusal("--bitcoind", error.Reason);
            if (await SwapAgreement.AgreeAsync(open.Wallet, open.Client, folder, tip.Height, cancellationToken) is { } refused)
                return refused;
            var memory = folder.Journal.Memory!;
            if (!memory.HasLocked && !memory.IsAborted && tip.Height > memory.Terms.FirstLockBy(memory.Margins))
            {
                await folder.Journal.EndAsync(SwapStep.Unlocked);
                return new Refusal("swap", $"stood until height {memory.Terms.FirstLockBy(memory.Margins)}, it is {tip.Height} now: ask for another");
            }

            if (!folder.File.IsAccepted)
                folder.Accept();
            return null;
        }
    }
}
