using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Swaps;
using Tributary.Cli.Rollup.Views;
using Tributary.Crypto;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup.Wallets;

/// <summary><c>tributary rollup wallet</c>: a seed, accounts in a rollup, coins on Bitcoin.</summary>
internal static class WalletCommand
{
    private static readonly Option<byte> s_height = new("--key-height")
    {
        Description = $"log2 of the signatures of a key, from {AccountKey.MinLogLifetime} to {AccountKey.MaxLogLifetime}: one more takes twice as long to make.",
        DefaultValueFactory = static _ => AccountKey.DefaultLogLifetime,
    };

    internal static Command Create(TimeProvider clock) => new("wallet", "Hold money in a rollup.")
    {
        CreateCreate(clock), RestoreCommand.Create(clock, s_height), CreateShow(clock), CreateAccounts(clock), CreateAddress(clock),
    };

    /// <summary>Where keys are made as long as was asked for.</summary>
    internal static Refusal? CheckHeight(ParseResult parsed) => parsed.GetValue(s_height) is < AccountKey.MinLogLifetime or > AccountKey.MaxLogLifetime
        ? new Refusal("--key-height", $"lies between {AccountKey.MinLogLifetime} and {AccountKey.MaxLogLifetime}")
        : null;

    /// <summary>What there is to show of a wallet.</summary>
    internal static async Task<Result<WalletView, Refusal>> ViewAsync(RollupWallet wallet, IRollupOperator client, long? coins, string? words, CancellationToken cancellationToken)
    {
        var accounts = new List<WalletAccountView>();
        foreach (var account in wallet.Accounts)
        {
            if (account.Number is not { } number)
            {
                accounts.Add(new WalletAccountView(account.Place, null, null, null, null, []));
                continue;
            }

            if (!(await client.FindAccountAsync(number, cancellationToken)).TryGet(out var view, out var refusal))
                return refusal;
            accounts.Add(new WalletAccountView(account.Place, number, view.BalanceSat, view.AnchoredBalanceSat, view.NextIndex, view.Assets));
        }

        return new WalletView(wallet.Folder, wallet.File.Rollup, wallet.File.Network, client.Name, accounts, [.. wallet.Operations.Select(View)], [], null, coins, words);
    }

    internal static WalletOperationView View(WalletOperation operation) =>
        new(operation.Account, operation.Operation.ToString(), operation.What, operation.State, operation.Batch, operation.Why);

    internal static void Show(IAnsiConsole terminal, WalletView view)
    {
        terminal.WriteLine($"wallet    {view.Data} of rollup {view.Rollup} on {view.Network}");
        foreach (var account in view.Accounts)
        {
            terminal.WriteLine(account.Account is null
                ? $"account   {account.Place}: not registered yet; 'tributary rollup wallet accounts --new' asks again"
                : string.Create(CultureInfo.InvariantCulture, $"account   {account.Place}: number {account.Account}, {account.BalanceSat:N0} sat ({account.AnchoredBalanceSat:N0} on Bitcoin)"));
            foreach (var asset in account.Assets)
                terminal.WriteLine($"          {asset.Amount} of asset {asset.Asset}");
        }

        foreach (var operation in view.Operations.TakeLast(20))
            terminal.WriteLine($"{operation.State,-9} {operation.What}{(operation.Batch is { } batch ? $", batch {batch}" : "")}{(operation.Why is { } why ? $": {why}" : "")}");
        foreach (var money in view.Money.Where(static one => !one.IsOver).Concat(view.Money.Where(static one => one.IsOver).TakeLast(5)))
            terminal.WriteLine($"{money.Kind,-10} {money.Words}");
        if (view.Problem is not null)
            terminal.WriteLine($"problem   {view.Problem}");
        if (view.CoinsSat is { } coins)
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"coins     {coins:N0} sat on Bitcoin"));
        if (view.Words is not null)
            terminal.WriteLine($"Words: {view.Words}");
    }

    private static Command CreateCreate(TimeProvider clock)
    {
        var command = new Command("create", "Make a wallet with a new seed, and an account at the operator's expense.")
        {
            RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, RollupOptions.NoPassphrase, RollupOptions.Words, RollupOptions.RealMoney, s_height,
        };
        command.SetAction((parsed, cancellationToken) => RollupOptions.WithClientAsync(parsed, null, async (client, writer) =>
        {
            if (CheckHeight(parsed) is { } height)
                return writer.Fail(height);
            if (!RollupOptions.NewPassphrase(parsed).TryGet(out var passphrase, out var refusal) || !(await client.DescribeAsync(cancellationToken)).TryGet(out var rollup, out refusal))
                return writer.Fail(refusal);
            if (!BitcoinNetwork.TryParse(rollup.Network, out var network))
                return writer.Fail("--rollup", $"runs on '{rollup.Network}', which is no network");
            if (RollupOptions.CheckRealMoney(parsed, network) is { } real)
                return writer.Fail(real);
            IChainSource chain = new NoChain(network);
            ChainTip? birthday = null;
            if (parsed.GetValue(RollupOptions.Bitcoind) is not null)
            {
                if (!RollupOptions.OpenChain(parsed, network, clock).TryGet(out var source, out refusal))
                    return writer.Fail(refusal);
                chain = source;
                if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
                    return writer.Fail("--bitcoind", error.Reason);
                birthday = tip;
            }

            await using (chain)
            {
                var folder = Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!);
                if (RollupOptions.MakeFolder(folder) is { } unusable)
                    return writer.Fail(unusable);
                using var seed = WalletSeed.Generate(SystemEntropy.Instance);
                var created = await RollupWallet.CreateAsync(
                    folder, rollup, client.Address, parsed.GetValue(s_height), seed, passphrase, birthday, chain, SystemEntropy.Instance, clock, cancellationToken);
                if (!created.TryGet(out var wallet, out refusal))
                    return writer.Fail(refusal);
                await using (wallet)
                {
                    var opened = await WorkDisplay.RunAsync(writer, clock, "making the key", progress => wallet.OpenAccountAsync(client, progress, cancellationToken));
                    if (!opened.TryGet(out _, out refusal))
                        return writer.Fail(refusal.Field, $"{refusal.Reason} (the wallet is made: 'tributary rollup wallet accounts --new' asks for its account again)");
                    var words = parsed.GetValue(RollupOptions.Words) ? seed.Mnemonic!.Reveal() : null;
                    return (await ViewAsync(wallet, client, null, words, cancellationToken)).TryGet(out var view, out refusal)
                        ? writer.Report(view, RollupJson.Plain.WalletView, Show)
                        : writer.Fail(refusal);
                }
            }
        }));
        return command;
    }

    private static Command CreateShow(TimeProvider clock)
    {
        var command = new Command("show", "Show accounts, balances, what was signed and what has become of it; with --bitcoind from Bitcoin itself: coins, deposits, withdrawals and posts, also where the operator is silent.")
        {
            RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, RollupOptions.Words, SwapOptions.Proofs,
        };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: false,
            clock,
            async (open, writer) =>
            {
                string? words = null;
                if (parsed.GetValue(RollupOptions.Words))
                {
                    if (!RollupOptions.Passphrase().TryGet(out var passphrase, out var hidden) || !open.Wallet.Coins.RevealSeed(passphrase).TryGet(out var seed, out hidden))
                        return writer.Fail(hidden);
                    using (seed)
                        words = seed.Mnemonic?.Reveal();
                }

                var shown = open.Chain is null ? await AskOperatorAsync(open, words, cancellationToken) : await AskBitcoinAsync(open, parsed, words, writer, clock, cancellationToken);
                return shown.TryGet(out var view, out var refusal) ? writer.Report(view, RollupJson.Plain.WalletView, Show) : writer.Fail(refusal);
            },
            cancellationToken));
        return command;
    }

    private static async Task<Result<WalletView, Refusal>> AskOperatorAsync(OpenWallet open, string? words, CancellationToken cancellationToken)
    {
        var refused = await open.Wallet.RefreshAsync(open.Client, cancellationToken);
        if (refused is null && (await ViewAsync(open.Wallet, open.Client, null, words, cancellationToken)).TryGet(out var view, out refused))
            return view;
        return refused!.Field is "--rollup" ? new Refusal(refused.Field, $"{refused.Reason} (with --bitcoind the wallet is shown as Bitcoin has it, without the operator)") : refused;
    }

    // Bitcoin says where money is; the operator, if it answers, what it has taken since.
    private static Task<Result<WalletView, Refusal>> AskBitcoinAsync(OpenWallet open, ParseResult parsed, string? words, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken) => WorkDisplay.RunAsync(
        writer,
        clock,
        "reading blocks",
        progress => open.WithReplicaAsync<WalletView>(
            parsed,
            async replica =>
            {
                if (!(await open.WithCoinsAsync(static (wallet, _) => Task.FromResult<Result<Primitives.Amounts.Satoshis, Refusal>>(wallet.Balance.Spendable), cancellationToken)).TryGet(out var coins, out var refusal))
                    return refusal;
                var trail = new MoneyTrail(open.Wallet, replica.Replica).Read();
                await open.Wallet.NoteOutcomesAsync(trail);
                var away = (await open.Wallet.DescribeAsync(open.Client, cancellationToken)).TryGet(out _, out var silent) ? await open.Wallet.RefreshAsync(open.Client, cancellationToken) : silent;
                IRollupOperator source = away is { Field: "--rollup" } ? new BitcoinOperator(replica, open.Wallet.File) : open.Client;
                if (away is { Field: not "--rollup" })
                    return away;
                if (!(await ViewAsync(open.Wallet, source, coins.Value, words, cancellationToken)).TryGet(out var view, out refusal))
                    return refusal;
                var problem = away is not null ? $"the operator does not answer ({away.Reason}): this is what Bitcoin has; 'send' and 'withdraw' go past it with --force"
                    : replica.Verification.IsProven ? null
                    : $"not everything on Bitcoin is proven: {replica.Verification.Problem}";
                return view with { Money = trail, Problem = problem };
            },
            progress,
            cancellationToken));

    private static Command CreateAccounts(TimeProvider clock)
    {
        var another = new Option<bool>("--new") { Description = "Open another account, at the operator's expense." };
        var command = new Command("accounts", "List the wallet's accounts, or open another.") { RollupOptions.Rollup, another };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: false,
            clock,
            async (open, writer) =>
            {
                if (parsed.GetValue(another)
                    && !(await WorkDisplay.RunAsync(writer, clock, "making the key", progress => open.Wallet.OpenAccountAsync(open.Client, progress, cancellationToken))).TryGet(out _, out var refused))
                    return writer.Fail(refused);
                return (await ViewAsync(open.Wallet, open.Client, null, null, cancellationToken)).TryGet(out var view, out var refusal)
                    ? writer.Report(view with { Operations = [] }, RollupJson.Plain.WalletView, Show)
                    : writer.Fail(refusal);
            },
            cancellationToken));
        return command;
    }

    private static Command CreateAddress(TimeProvider clock)
    {
        var command = new Command("address", "Show a new address on Bitcoin to send coins to, which can then be deposited.");
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: false,
            clock,
            async (open, writer) => (await open.Wallet.Coins.NewAddressAsync(WalletAccountKind.Bip84, cancellationToken: cancellationToken)).TryGet(out var address, out var refusal)
                ? writer.Report(new AddressView(address.Address.ToString()), RollupJson.Plain.AddressView, static (terminal, view) => terminal.WriteLine(view.Address))
                : writer.Fail(refusal),
            cancellationToken));
        return command;
    }
}
