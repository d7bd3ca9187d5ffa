using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Swaps;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup send</c> and <c>withdraw</c>: operations that an account signs.</summary>
internal static class SendCommand
{
    private static readonly Option<uint> s_account = new("--account") { Description = "The account's place in this wallet (0)." };
    private static readonly Option<ulong?> s_fee = new("--fee") { Description = "What the operator gets, in satoshis; otherwise its least, and nothing with --force." };
    private static readonly Option<bool> s_force = new("--force") { Description = "Post the operation on Bitcoin, where the operator has to take it within 144 blocks; needs --bitcoind and coins in this wallet, and no operator." };
    private static readonly Option<int> s_feerate = new("--feerate-max") { Description = "The most that such a post may pay, in sat/vB.", DefaultValueFactory = static _ => 20 };

    internal static Command Create(TimeProvider clock)
    {
        var to = new Option<uint>("--to") { Description = "The account's number in the rollup.", Required = true };
        var amount = new Option<ulong>("--amount") { Description = "Satoshis, or the least units of the asset.", Required = true };
        var asset = new Option<uint>("--asset") { Description = "The asset's number; 0 is bitcoin." };
        var command = new Command("send", "Pay an account of the rollup.") { RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, to, amount, asset, s_account, s_fee, s_force, SwapOptions.Wanted, s_feerate, SwapOptions.Proofs };
        command.SetAction((parsed, cancellationToken) => SendAsync(
            parsed,
            clock,
            _ => new Transfer(new AssetId(parsed.GetValue(asset)), new AccountId(parsed.GetValue(to)), parsed.GetValue(amount)),
            string.Create(CultureInfo.InvariantCulture, $"{parsed.GetValue(amount):N0} {(parsed.GetValue(asset) == 0 ? "sat" : $"of asset {parsed.GetValue(asset)}")} to account {parsed.GetValue(to)}"),
            cancellationToken));
        return command;
    }

    internal static Command CreateWithdraw(TimeProvider clock)
    {
        var to = new Option<string>("--to") { Description = "The address on Bitcoin.", Required = true };
        var amount = new Option<ulong>("--amount") { Description = "Satoshis.", Required = true };
        var command = new Command("withdraw", "Ask for bitcoin out of the rollup: the account loses it when the operator takes the request, and the operator pays from the vault.")
        {
            RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, to, amount, s_account, s_fee, s_force, SwapOptions.Wanted, s_feerate, SwapOptions.Proofs,
        };
        command.SetAction((parsed, cancellationToken) => SendAsync(
            parsed,
            clock,
            network => Address.Parse(parsed.GetValue(to)!, network).TryGet(out var address, out var refusal)
                ? new Withdraw(AssetId.Bitcoin, parsed.GetValue(amount), address.ScriptPubKey.ToArray())
                : new Refusal("--to", refusal.Reason),
            string.Create(CultureInfo.InvariantCulture, $"{parsed.GetValue(amount):N0} sat out to {parsed.GetValue(to)}"),
            cancellationToken));
        return command;
    }

    private static Task<int> SendAsync(ParseResult parsed, TimeProvider clock, Func<BitcoinNetwork, Result<Operation, Refusal>> make, string what, CancellationToken cancellationToken) => OpenWallet.RunAsync(
        parsed,
        needsChain: parsed.GetValue(s_force),
        clock,
        async (open, writer) =>
        {
            if (!make(open.Wallet.Coins.Network).TryGet(out var operation, out var refusal))
                return writer.Fail(refusal);
            if (parsed.GetValue(s_force))
                return await PostAsync(open, operation, parsed, what, writer, clock, cancellationToken);
            if (await open.Wallet.ResendAsync(open.Client, cancellationToken) is { } away)
                return writer.Fail(away);
            var sent = await WorkDisplay.RunAsync(writer, clock, "making the key", progress => open.Wallet.SendAsync(
                open.Client, parsed.GetValue(s_account), operation, parsed.GetValue(s_fee), what, progress, cancellationToken));
            return sent.TryGet(out var taken, out refusal)
                ? writer.Report(WalletCommand.View(taken), RollupJson.Plain.WalletOperationView, static (terminal, view) => terminal.WriteLine($"{view.What}: taken into batch {view.Batch}."))
                : writer.Fail(refusal.Field, RollupWallet.IsForAMoment(refusal) ? $"{refusal.Reason} (what was signed is handed in again by the next command, byte for byte: 'wallet show' says whether there is something; do not send it twice. --force posts on Bitcoin what an operator does not take)" : refusal.Reason);
        },
        cancellationToken);

    // Signed with what Bitcoin says of the account: the operator is not asked, and may be silent or lie.
    private static async Task<int> PostAsync(OpenWallet open, Operation operation, ParseResult parsed, string what, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(s_feerate) is < 1 or > 10_000)
            return writer.Fail("--feerate-max", "lies between 1 and 10000 sat/vB");
        if (!SwapOptions.ReadWanted(parsed).TryGet(out var wanted, out var unusable))
            return writer.Fail(unusable);
        var posted = await WorkDisplay.RunAsync(writer, clock, "reading blocks", progress => open.WithReplicaAsync<PostView>(
            parsed,
            async replica =>
            {
                progress.Name("making the key");
                var bitcoin = new BitcoinOperator(replica, open.Wallet.File);
                if (!(await open.Wallet.SignForPostAsync(bitcoin, parsed.GetValue(s_account), operation, parsed.GetValue(s_fee), what, progress, cancellationToken)).TryGet(out var signed, out var refusal))
                    return refusal;
                return await PostCommand.PostAsync(open, signed, replica.Tip, wanted, new FeeratePerKvB(parsed.GetValue(s_feerate) * 1000L), isLate: false, cancellationToken);
            },
            progress,
            cancellationToken));
        return posted.TryGet(out var view, out var why) ? writer.Report(view, RollupJson.Plain.PostView, PostCommand.Show) : writer.Fail(why);
    }
}
