using System.CommandLine;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Cli.Reporting;
using Tributary.Crypto;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup.Wallets;

/// <summary>
/// <c>tributary rollup wallet restore</c>: makes a wallet from its words. What its keys have signed is asked of Bitcoin and not of the operator, who could
/// make the wallet sign twice with one index; 1,024 indices are jumped over and the key is rotated.
/// </summary>
internal static class RestoreCommand
{
    private const string WordsVariable = "TRIBUTARY_WORDS";
    private const uint GenerationsMax = 64;

    internal static Command Create(TimeProvider clock, Option<byte> height)
    {
        var accounts = new Option<uint>("--accounts") { Description = "How many accounts the wallet had.", DefaultValueFactory = static _ => 1 };
        var command = new Command("restore", $"Make a wallet from the words of its seed ({WordsVariable} in the environment, or standard input). Restore again only when the rotation of this restore stands on Bitcoin.")
        {
            RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, RollupOptions.NoPassphrase, RollupOptions.RealMoney, height, accounts,
        };
        command.SetAction((parsed, cancellationToken) => RollupOptions.WithClientAsync(parsed, null, async (client, writer) =>
        {
            if (WalletCommand.CheckHeight(parsed) is { } wrong)
                return writer.Fail(wrong);
            if (!RollupOptions.NewPassphrase(parsed).TryGet(out var passphrase, out var refusal) || !(await client.DescribeAsync(cancellationToken)).TryGet(out var rollup, out refusal))
                return writer.Fail(refusal);
            if (!BitcoinNetwork.TryParse(rollup.Network, out var network))
                return writer.Fail("--rollup", $"runs on '{rollup.Network}', which is no network");
            if (RollupOptions.CheckRealMoney(parsed, network) is { } real)
                return writer.Fail(real);
            if (!RollupOptions.OpenChain(parsed, network, clock).TryGet(out var chain, out refusal))
                return writer.Fail(refusal);
            await using (chain)
            {
                var words = Environment.GetEnvironmentVariable(WordsVariable) is { Length: > 0 } text ? text : await Console.In.ReadLineAsync(cancellationToken);
                if (string.IsNullOrWhiteSpace(words))
                    return writer.Fail(WordsVariable, "is empty, and nothing came on standard input: give the words of the seed");
                if (!Mnemonic.Parse(words.Trim()).TryGet(out var mnemonic, out refusal))
                    return writer.Fail(refusal);
                using var seed = WalletSeed.FromMnemonic(mnemonic);
                if (!(await ReadKeysAsync(rollup, chain, writer, clock, cancellationToken)).TryGet(out var keys, out refusal))
                    return writer.Fail(refusal);
                var folder = Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!);
                if (RollupOptions.MakeFolder(folder) is { } unusable)
                    return writer.Fail(unusable);
                var created = await RollupWallet.CreateAsync(
                    folder, rollup, client.Address, parsed.GetValue(height), seed, passphrase, null, chain, SystemEntropy.Instance, clock, cancellationToken);
                if (!created.TryGet(out var wallet, out refusal))
                    return writer.Fail(refusal);
                await using (wallet)
                    return await AdoptAsync(wallet, client, keys, parsed.GetValue(accounts), writer, clock, cancellationToken);
            }
        }));
        return command;
    }

    // Every account with its key and index, as Bitcoin has it.
    private static async Task<Result<Dictionary<Bytes32, (uint Account, uint NextIndex)>, Refusal>> ReadKeysAsync(
        RollupView rollup, IChainSource chain, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!Bytes32.TryParse(rollup.Rollup, out var id))
            return new Refusal("--rollup", "names an id that can't be");
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("--bitcoind", error.Reason);
        var from = Math.Clamp(rollup.FromHeight, 0, tip.Height);
        if (!(await chain.GetBlockHashAsync(from, cancellationToken)).TryGet(out var below, out error))
            return new Refusal("--bitcoind", error.Reason);
        var replica = new RollupReplica(from + 1, id, ParameterSet.Fast.Verifier);
        try
        {
            await WorkDisplay.RunAsync(writer, clock, "reading blocks", async progress =>
            {
                await using var blocks = chain.FollowAsync(new ChainTip(from, below), cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (replica.NextHeight <= tip.Height && await blocks.MoveNextAsync())
                {
                    if (blocks.Current is ChainEvent.Connected connected)
                        replica.Connect(connected.Height, connected.Block);
                    else if (blocks.Current is ChainEvent.Disconnected disconnected)
                        replica.Disconnect(disconnected.Height);
                    progress.Report((replica.NextHeight - from) / (double)Math.Max(1, tip.Height + 1 - from));
                }

                return 0;
            });
        }
        catch (ChainSourceLostException exception)
        {
            return new Refusal("--bitcoind", exception.Error.Reason);
        }

        if (replica.Ledger?.Engine.State is not { } state)
            return new Refusal("--rollup", $"names rollup {id}, which does not begin on Bitcoin after height {from}");
        var keys = new Dictionary<Bytes32, (uint, uint)>();
        for (var account = 1u; account < state.Read(FinanceLeaves.Counters, 0).NextAccount; account++)
        {
            var leaf = state.Read(FinanceLeaves.Accounts, account);
            keys[leaf.KeyRoot] = (account, leaf.NextIndex);
        }

        return keys;
    }

    private static async Task<int> AdoptAsync(
        RollupWallet wallet, RollupClient client, Dictionary<Bytes32, (uint Account, uint NextIndex)> keys, uint accounts, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var place = 0u; place < accounts; place++)
        {
            var generation = await WorkDisplay.RunAsync(writer, clock, $"looking for account {place}", progress => Task.Run(() => FindGeneration(wallet, keys, place, progress, cancellationToken), cancellationToken));
            if (generation is not { } found)
                return writer.Fail(WordsVariable, $"lead to no key of an account on Bitcoin (account {place}): the words are of another wallet, --key-height was another, or the account waits for its batch to be anchored. Remove {wallet.Folder} before trying again");
            var (account, nextIndex) = keys[wallet.RootOf(place, found, cancellationToken)];
            if (await wallet.AdoptAsync(place, account, found, nextIndex, cancellationToken) is { } refused)
                return writer.Fail(refused);
            if (await WorkDisplay.RunAsync(writer, clock, "making another key", progress => wallet.RenewKeyAsync(client, place, progress, cancellationToken)) is { } later)
                return writer.Fail(later.Field, $"{later.Reason} (the wallet is restored; the key of account {place} is rotated before it signs anything else)");
        }

        return (await WalletCommand.ViewAsync(wallet, client, null, null, cancellationToken)).TryGet(out var view, out var refusal)
            ? writer.Report(view, RollupJson.Plain.WalletView, WalletCommand.Show)
            : writer.Fail(refusal);
    }

    private static uint? FindGeneration(RollupWallet wallet, Dictionary<Bytes32, (uint, uint)> keys, uint place, WorkDisplay progress, CancellationToken cancellationToken)
    {
        for (var generation = 0u; generation < GenerationsMax; generation++)
        {
            if (keys.ContainsKey(wallet.RootOf(place, generation, cancellationToken)))
                return generation;
            progress.Report((generation + 1) / (double)GenerationsMax);
        }

        return null;
    }
}
