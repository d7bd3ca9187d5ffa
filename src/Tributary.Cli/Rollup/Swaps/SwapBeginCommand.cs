using System.CommandLine;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Swaps.Wallets;

namespace Tributary.Cli.Rollup.Swaps;

/// <summary><c>tributary rollup swap in</c>, <c>out</c> and <c>offer</c>: agree on a swap, and carry it out.</summary>
internal static class SwapBeginCommand
{
    // A commitment with its post: a claim that the operator does not take goes onto Bitcoin.
    private const long PostVirtualSize = 500;

    internal static Command Create(TimeProvider clock, SwapDirection direction)
    {
        var isIn = direction == SwapDirection.In;
        var command = new Command(isIn ? "in" : "out", isIn
            ? "Pay on Bitcoin from this wallet's coins, and have it in the rollup. Stays until the swap is over; 'swap resume' goes on after an interruption."
            : "Pay in the rollup, and have it on Bitcoin in this wallet's coins. Stays until the swap is over; 'swap resume' goes on after an interruption.")
        {
            SwapOptions.Amount, SwapOptions.FeeMax, SwapOptions.Margins, SwapOptions.Account, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, SwapOptions.Proofs, SwapOptions.Feerate, SwapOptions.Force,
        };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: true,
            clock,
            async (open, writer) =>
            {
                if (!(await AgreeAsync(open, parsed, direction, accepts: true, writer, clock, cancellationToken)).TryGet(out var path, out var refusal))
                    return writer.Fail(refusal);
                return await SwapDriveCommand.DriveAsync(open, parsed, [path], writer, clock, cancellationToken);
            },
            cancellationToken));
        return command;
    }

    internal static Command CreateOffer(TimeProvider clock)
    {
        var amount = new Option<long?>("--amount") { Description = "Satoshis: ask for an offer of this amount, which 'swap accept' takes." };
        var direction = new Option<string?>("--direction") { Description = "in or out, with --amount." };
        var command = new Command("offer", "Show what the operator offers and for how much; with --direction and --amount ask for an offer that stands for some blocks.")
        {
            direction, amount, SwapOptions.FeeMax, SwapOptions.Margins, SwapOptions.Account, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(amount) is null && parsed.GetValue(direction) is null)
            {
                return RollupOptions.WithClientAsync(parsed, RollupOptions.KnownOperator(parsed), async (client, writer) =>
                    (await client.DescribeSwapsAsync(cancellationToken)).TryGet(out var offer, out var refusal) ? writer.Report(offer, RollupJson.Plain.SwapOfferView, SwapCommand.Show) : writer.Fail(refusal));
            }

            return OpenWallet.RunAsync(
                parsed,
                needsChain: true,
                clock,
                async (open, writer) =>
                {
                    if (parsed.GetValue(direction) is not ("in" or "out") || parsed.GetValue(amount) is not { } sats)
                        return writer.Fail("--direction", "is in or out, and goes with --amount");
                    var way = parsed.GetValue(direction) is "in" ? SwapDirection.In : SwapDirection.Out;
                    if (!(await AgreeAsync(open, parsed, way, sats, accepts: false, writer, clock, cancellationToken)).TryGet(out var path, out var refusal) || !SwapFolder.Open(path, SystemEntropy.Instance).TryGet(out var folder, out refusal))
                        return writer.Fail(refusal);
                    await using (folder)
                        return writer.Report(SwapReport.Of(folder), RollupJson.Plain.SwapReport, SwapCommand.Show);
                },
                cancellationToken);
        });
        return command;
    }

    private static Task<Result<string, Refusal>> AgreeAsync(
        OpenWallet open, ParseResult parsed, SwapDirection direction, bool accepts, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken) =>
        AgreeAsync(open, parsed, direction, parsed.GetValue(SwapOptions.Amount), accepts, writer, clock, cancellationToken);

    // What is asked for stands on disk before the operator hears of it.
    private static async Task<Result<string, Refusal>> AgreeAsync(
        OpenWallet open, ParseResult parsed, SwapDirection direction, long amount, bool accepts, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (amount < SwapTerms.AmountMin.Value || amount > Satoshis.MaxMoney.Value)
            return new Refusal("--amount", $"is {amount}; a swap is of {SwapTerms.AmountMin.Value} sat at least");
        var feeMax = parsed.GetValue(SwapOptions.FeeMax) ?? (2_000 + (amount / 50));
        if (feeMax < 0)
            return new Refusal("--fee-max", "is satoshis");
        if (!SwapOptions.ReadMargins("--margins", parsed.GetValue(SwapOptions.Margins)).TryGet(out var margins, out var refusal)
            || !(await open.Wallet.DescribeAsync(open.Client, cancellationToken)).TryGet(out _, out refusal)
            || !(await open.Client.DescribeSwapsAsync(cancellationToken)).TryGet(out var offer, out refusal))
            return refusal;
        if (SwapAgreement.Check(offer, direction, amount, feeMax, margins) is { } misfit)
            return misfit;
        if (await CheckMoneyAsync(open, parsed, direction, amount, SwapAgreement.FeeOf(offer, amount), writer, clock, cancellationToken) is { } poor)
            return poor;
        if (!(await open.Chain!.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("--bitcoind", error.Reason);
        if (!(await SwapFolder.DraftAsync(open.Wallet, direction, amount, SwapFile.ReadMargins(offer.Margins)!, tip.Height, SystemEntropy.Instance, cancellationToken)).TryGet(out var draft, out refusal))
            return refusal;
        var file = draft with { FeeMaxSat = feeMax, Place = parsed.GetValue(SwapOptions.Account), IsAccepted = accepts };
        if (!SwapFolder.Create(SwapOptions.RootOf(open.Wallet), file, SystemEntropy.Instance).TryGet(out var folder, out refusal))
            return refusal;
        await using (folder)
        {
            if (await SwapAgreement.AgreeAsync(open.Wallet, open.Client, folder, tip.Height, cancellationToken) is { } refused)
                return new Refusal(refused.Field, $"{refused.Reason} (nothing is locked; 'tributary rollup swap accept {file.Hash[..16]}' asks for the same again, 'swap abort' forgets it)");
            return folder.FolderPath;
        }
    }

    private static async Task<Refusal?> CheckMoneyAsync(
        OpenWallet open, ParseResult parsed, SwapDirection direction, long amount, long fee, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (open.Wallet.Accounts.FirstOrDefault(one => one.Place == parsed.GetValue(SwapOptions.Account)) is not { Number: { } number })
            return new Refusal("--account", $"{parsed.GetValue(SwapOptions.Account)} is none of this wallet's: 'tributary rollup wallet accounts' lists them");
        if (direction == SwapDirection.Out)
        {
            if (!(await open.Client.FindAccountAsync(number, cancellationToken)).TryGet(out var account, out var unknown))
                return unknown;
            return account.BalanceSat >= (ulong)(amount + fee) ? null : new Refusal("--amount", $"and fee are {amount + fee} sat, and account {number} has {account.BalanceSat}");
        }

        var reserve = new FeeratePerKvB(parsed.GetValue(SwapOptions.Feerate) * 1000L).FeeFor(PostVirtualSize).Value;
        var balance = await WorkDisplay.RunAsync(writer, clock, "reading blocks", _ => open.WithCoinsAsync(static (coins, _) => Task.FromResult<Result<Satoshis, Refusal>>(coins.Balance.Spendable), cancellationToken));
        if (!balance.TryGet(out var spendable, out var refusal))
            return refusal;
        return spendable.Value >= amount + reserve
            ? null
            : new Refusal("--amount", $"is {amount} sat, and the wallet has {spendable.Value} on Bitcoin of which {reserve} are kept for a post in case that the operator takes no claim: send coins to 'tributary rollup wallet address' and wait for a block");
    }
}
