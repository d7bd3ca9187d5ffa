using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup deposit</c>: coins of the wallet become money in the rollup.</summary>
internal static class DepositCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var amount = new Option<long>("--amount") { Description = "Satoshis.", Required = true };
        var account = new Option<uint>("--account") { Description = "The account's place in this wallet (0)." };
        var feerate = new Option<int?>("--feerate") { Description = "sat/vB; otherwise estimated." };
        var command = new Command("deposit", "Pay the rollup's vault from the wallet's coins on Bitcoin; the account has it once rollup time has passed the payment's block.")
        {
            RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, amount, account, feerate,
        };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: true,
            clock,
            async (open, writer) =>
            {
                var sats = parsed.GetValue(amount);
                if (sats < SeenDeposit.AmountMin.Value || sats > Satoshis.MaxMoney.Value)
                    return writer.Fail("--amount", $"is {sats}; a deposit is of {SeenDeposit.AmountMin.Value} sat at least");
                if (parsed.GetValue(feerate) is < 1 or > 100_000)
                    return writer.Fail("--feerate", "lies between 1 and 100000 sat/vB");
                if (open.Wallet.Accounts.FirstOrDefault(one => one.Place == parsed.GetValue(account)) is not { Number: { } number })
                    return writer.Fail("--account", $"{parsed.GetValue(account)} is none of this wallet's: 'tributary rollup wallet accounts' lists them");
                if (!Address.Parse(open.Wallet.File.Vault, open.Wallet.Coins.Network).TryGet(out var vault, out var refusal))
                    return writer.Fail(refusal);
                var request = new SendRequest
                {
                    Outputs = [new SendOutput(vault.ScriptPubKey, new Satoshis(sats)), new SendOutput(SeenDeposit.Marker(open.Wallet.Rollup, new AccountId(number)), Satoshis.Zero)],
                    Feerate = parsed.GetValue(feerate) is { } rate ? new FeeratePerKvB(rate * 1000L) : null,
                    Label = MoneyTrail.LabelOfDeposit(number),
                };
                return (await open.WithCoinsAsync((coins, _) => coins.SendAsync(request, cancellationToken), cancellationToken)).TryGet(out var transaction, out refusal)
                    ? writer.Report(
                        new DepositView(transaction.TxId.ToString(), number, sats),
                        RollupJson.Plain.DepositView,
                        static (terminal, view) => terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{view.AmountSat:N0} sat for account {view.Account} are on their way in transaction {view.Txid}.")))
                    : writer.Fail(refusal);
            },
            cancellationToken));
        return command;
    }
}
