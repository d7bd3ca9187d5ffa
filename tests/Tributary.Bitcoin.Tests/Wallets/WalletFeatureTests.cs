using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Embedded;
using Tributary.Bitcoin.Tests.Wallets.Contract;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Bitcoin.Wallets.Storage;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Wallets;

/// <summary>What a wallet does beside receiving and spending.</summary>
public sealed class WalletFeatureTests : IAsyncLifetime
{
    private static readonly Address s_elsewhere = Address.Parse("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", BitcoinNetwork.Regtest).Value;
    private static readonly FeeratePerKvB s_rate = new(2000);
    private static readonly WalletOptions s_cheap = new() { SealCost = Cheap(), SourceRetryDelay = TimeSpan.FromMilliseconds(20) };

    private readonly EmbeddedDriver _driver = new(path: null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _driver.MineAsync(120, Cancellation);

    public ValueTask DisposeAsync() => _driver.DisposeAsync();

    [Fact]
    public async Task The_accounts_are_those_of_BIP_84_and_BIP_86()
    {
        // BIP 84's and BIP 86's sentence; their addresses are for mainnet, whose scripts differ by the coin type in the path.
        using var seed = WalletSeed.FromMnemonic(Mnemonic.Parse("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about").Value);
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 30, change: creation => creation with { Seed = seed });
        Assert.StartsWith("wpkh([73c5da0a/84h/1h/0h]tpub", harness.Wallet.Descriptors[0], StringComparison.Ordinal);
        Assert.StartsWith("tr([73c5da0a/86h/1h/0h]tpub", harness.Wallet.Descriptors[2], StringComparison.Ordinal);
        Assert.Equal("bcrt1q6rz28mcfaxtmd6v789l9rrlrusdprr9pz3cppk", (await harness.AddressAsync(WalletAccountKind.Bip84)).ToString());
    }

    [Fact]
    public async Task Every_address_is_a_new_one_also_after_a_restart()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 31);
        var addresses = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            addresses.Add((await harness.AddressAsync(WalletAccountKind.Bip84)).ToString());
            addresses.Add((await harness.AddressAsync(WalletAccountKind.Bip86)).ToString());
            await harness.RestartAsync();
        }

        Assert.Equal(8, addresses.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(addresses.Order(StringComparer.Ordinal), harness.Wallet.ListAddresses().Select(static one => one.Address.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("account", (await harness.Wallet.NewAddressAsync(WalletAccountKind.Descriptor, label: null, Cancellation)).Error.Field);
    }

    [Fact]
    public async Task A_sealed_wallet_sees_and_cannot_spend_until_it_is_unlocked()
    {
        var passphrase = WalletPassphrase.Create("correct horse").Value;
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 32, s_cheap, creation => creation with { Passphrase = passphrase });
        await harness.ReceiveAsync(100_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.RestartAsync();
        await harness.SyncAsync();
        Assert.True(harness.Wallet.Status.IsLocked);
        Assert.Equal(100_000, harness.Wallet.Balance.Confirmed.Value);
        Assert.Equal("wallet: is locked: unlock it with its passphrase", (await SendAsync(harness, 1000)).Error.ToString());
        Assert.Equal("passphrase", harness.Wallet.Unlock(WalletPassphrase.Create("wrong horse").Value)!.Field);
        Assert.Equal("passphrase", harness.Wallet.Unlock(WalletPassphrase.None)!.Field);

        Assert.Null(harness.Wallet.Unlock(passphrase));
        Assert.True((await SendAsync(harness, 1000)).IsOk);
        harness.Wallet.Lock();
        Assert.Equal("wallet", (await SendAsync(harness, 1000)).Error.Field);
    }

    [Fact]
    public async Task The_passphrase_can_be_changed_and_the_old_box_is_gone()
    {
        var (first, second) = (WalletPassphrase.Create("first").Value, WalletPassphrase.Create("second").Value);
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 33, s_cheap, creation => creation with { Passphrase = first });
        var address = await harness.AddressAsync();
        using (var seed = harness.Wallet.RevealSeed(first).Value)
            Assert.Equal(12, seed.Mnemonic!.WordCount);
        Assert.Equal("passphrase", (await harness.Wallet.ChangePassphraseAsync(second, first, Cancellation))!.Field);
        Assert.Null(await harness.Wallet.ChangePassphraseAsync(first, second, Cancellation));
        await harness.RestartAsync();
        Assert.NotNull(harness.Wallet.Unlock(first));
        Assert.Null(harness.Wallet.Unlock(second));
        Assert.Equal(address, Assert.Single(harness.Wallet.ListAddresses()).Address);
    }

    [Fact]
    public async Task A_wallet_without_a_decision_on_its_passphrase_is_not_made()
    {
        Assert.Equal("passphrase", WalletPassphrase.Create("").Error.Field);
        await using var store = OpenStore();
        using var seed = WalletSeed.Generate(new SeededEntropy(1));
        var creation = new WalletCreation(BitcoinNetwork.Regtest) { Seed = seed };
        var refusal = (await Wallet.CreateAsync(store, creation, _driver.Source, SystemEntropy.Instance, TimeProvider.System, options: null, Cancellation)).Error;
        Assert.Equal("passphrase: is not decided: give one, or say that there is none", refusal.ToString());
        Assert.Equal("wallet", (await Wallet.OpenAsync(OpenStore(), _driver.Source, SystemEntropy.Instance, TimeProvider.System, options: null, Cancellation)).Error.Field);
    }

    [Theory]
    [InlineData("wpkh(tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK/*)", "descriptor")]
    [InlineData("combo(tpubD6NzVbkrYhZ4XgiXtGrdW5XDAPFCL9h7we1vwNCpn8tGbBcgfVYjXyhWo4E1xkh56hjod1RhGjxbaTLV3X4FyWuejifB9jusQ46QzG87VKp/*)", "descriptor")]
    [InlineData("wpkh(abc)", "descriptor.key")]
    public async Task Descriptors_that_cannot_be_watched_are_refused(string descriptor, string field)
    {
        await using var store = OpenStore();
        var creation = new WalletCreation(BitcoinNetwork.Regtest) { Descriptors = [descriptor] };
        Assert.Equal(field, (await Wallet.CreateAsync(store, creation, _driver.Source, SystemEntropy.Instance, TimeProvider.System, options: null, Cancellation)).Error.Field);
    }

    [Fact]
    public async Task The_reserve_is_not_touched()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 34, s_cheap with { Reserve = new Satoshis(50_000) });
        await harness.ReceiveAsync(100_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 100_000, "The payment");
        Assert.Equal((50_000, 50_000), (harness.Wallet.Balance.Reserved.Value, harness.Wallet.Balance.Spendable.Value));
        Assert.Contains("less than the reserve", (await SendAsync(harness, 60_000)).Error.Reason, StringComparison.Ordinal);

        var all = (await harness.Wallet.SendAsync(new SendRequest { Outputs = [SendOutput.AllTo(s_elsewhere)], Feerate = s_rate }, Cancellation)).Value;
        Assert.Contains(all.Outputs, static output => output.Value.Value == 50_000);
        Assert.Equal(50_000, harness.Wallet.Balance.Total.Value);
        Assert.True((await harness.Wallet.SendAsync(SendRequest.To(s_elsewhere, new Satoshis(30_000)) with { Feerate = s_rate, SpendsReserve = true }, Cancellation)).IsOk);
    }

    [Fact]
    public async Task A_draft_sets_its_coins_aside_over_restarts_until_it_is_given_up()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 35);
        await harness.ReceiveAsync(100_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 100_000, "The payment");
        var draft = (await harness.Wallet.BuildAsync(SendRequest.To(s_elsewhere, new Satoshis(20_000)) with { Feerate = s_rate, Label = "channel" }, Cancellation)).Value;
        Assert.NotNull(draft.Transaction);
        Assert.Equal(draft.Fee, draft.Psbt.Fee);
        await harness.RestartAsync();
        await harness.SyncAsync();
        Assert.Equal((100_000, 0), (harness.Wallet.Balance.Locked.Value, harness.Wallet.Balance.Spendable.Value));
        Assert.Equal("channel", Assert.Single(harness.Wallet.Leases).Purpose);
        Assert.Equal("amount", (await SendAsync(harness, 1000)).Error.Field);
        var coin = Assert.Single(harness.Wallet.ListUnspent());
        Assert.Equal(draft.LeaseId, coin.Lease);
        Assert.Equal("inputs[0]", (await harness.Wallet.SendAsync(SendRequest.To(s_elsewhere, new Satoshis(1000)) with { Feerate = s_rate, Inputs = [coin.OutPoint] }, Cancellation)).Error.Field);
        Assert.Equal("outpoints", (await harness.Wallet.LeaseAsync([coin.OutPoint], duration: null, "again", Cancellation)).Error.Field);

        await harness.Wallet.ReleaseAsync(draft.LeaseId, Cancellation);
        Assert.Equal(100_000, harness.Wallet.Balance.Spendable.Value);

        // What was signed can still be sent while its coins are unspent.
        Assert.True((await harness.Wallet.CommitAsync(draft.Transaction!, leaseId: null, Cancellation)).IsOk);
        Assert.Equal(80_000 - draft.Fee.Value, harness.Wallet.Balance.Total.Value);
    }

    [Fact]
    public async Task Refusals_of_a_request_name_the_field()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 36);
        await harness.ReceiveAsync(100_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 100_000, "The payment");

        async Task<string> Refuse(SendRequest request) => (await harness.Wallet.SendAsync(request with { Feerate = request.Feerate ?? s_rate }, Cancellation)).Error.ToString();
        var request = SendRequest.To(s_elsewhere, new Satoshis(1000));
        Assert.Equal("outputs: are none", await Refuse(request with { Outputs = [] }));
        Assert.Equal("outputs[0].amount: of 293 sat is dust, which nodes do not relay: at least 294 sat are", await Refuse(SendRequest.To(s_elsewhere, new Satoshis(293))));
        Assert.Equal("outputs[0].amount: is not between 0 and 21 million bitcoin", await Refuse(SendRequest.To(s_elsewhere, new Satoshis(-5))));
        Assert.Equal("outputs: take all that is left more than once", await Refuse(request with { Outputs = [SendOutput.AllTo(s_elsewhere), SendOutput.AllTo(s_elsewhere)] }));
        Assert.StartsWith("amount: needs ", await Refuse(SendRequest.To(s_elsewhere, new Satoshis(100_000))), StringComparison.Ordinal);
        Assert.StartsWith("feerate: of 20000000 sat/kvB is above", await Refuse(request with { Feerate = new FeeratePerKvB(20_000_000) }), StringComparison.Ordinal);
        Assert.StartsWith("feerate: of 1 sat/kvB is below", await Refuse(request with { Feerate = new FeeratePerKvB(1) }), StringComparison.Ordinal);
        Assert.StartsWith("inputs[0]: ", await Refuse(request with { Inputs = [OutPoint.Null] }), StringComparison.Ordinal);
        Assert.Equal("account: is not known", await Refuse(request with { Account = 9 }));
        Assert.Equal("transaction", (await harness.Wallet.BumpFeeAsync(default, s_rate, Cancellation)).Error.Field);
        Assert.Equal("parent", (await harness.Wallet.ChildPaysForParentAsync(default, s_rate, Cancellation)).Error.Field);
        Assert.Equal("transaction", (await harness.Wallet.AbandonAsync(default, Cancellation))!.Field);
    }

    [Fact]
    public async Task A_bump_takes_more_coins_when_change_does_not_suffice_and_a_child_is_not_undone()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 37);
        await harness.ReceiveAsync(50_000);
        await harness.ReceiveAsync(60_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 110_000, "The payments");
        var coin = harness.Wallet.ListUnspent().First(static coin => coin.Output.Value.Value == 50_000);
        var all = new SendRequest { Outputs = [SendOutput.AllTo(s_elsewhere)], Inputs = [coin.OutPoint], Feerate = s_rate };
        var sent = (await harness.Wallet.SendAsync(all, Cancellation)).Value;
        Assert.Equal((1, 1), (sent.InputCount, sent.OutputCount));

        var bumped = (await harness.Wallet.BumpFeeAsync(sent.TxId, new FeeratePerKvB(20_000), Cancellation)).Value;
        Assert.Equal((2, 2), (bumped.InputCount, bumped.OutputCount));
        Assert.Contains(bumped.Outputs, output => output == sent.Output(0));
        Assert.Equal("feerate", (await harness.Wallet.BumpFeeAsync(bumped.TxId, new FeeratePerKvB(20_000), Cancellation)).Error.Field);

        var child = (await SendAsync(harness, 10_000)).Value;
        Assert.Contains("spent from", (await harness.Wallet.BumpFeeAsync(bumped.TxId, new FeeratePerKvB(40_000), Cancellation)).Error.Reason, StringComparison.Ordinal);
        Assert.True((await harness.Wallet.BumpFeeAsync(child.TxId, new FeeratePerKvB(40_000), Cancellation)).IsOk);
    }

    [Fact]
    public async Task Unconfirmed_parents_that_pay_little_are_paid_for()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 38);
        await harness.ReceiveAsync(1_000_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 1_000_000, "The payment");
        var cheap = (await harness.Wallet.SendAsync(SendRequest.To(s_elsewhere, new Satoshis(10_000)) with { Feerate = new FeeratePerKvB(1000) }, Cancellation)).Value;
        var dear = (await harness.Wallet.SendAsync(SendRequest.To(s_elsewhere, new Satoshis(10_000)) with { Feerate = new FeeratePerKvB(20_000) }, Cancellation)).Value;
        var paid = harness.Wallet.FindTransaction(cheap.TxId)!.Fee!.Value + harness.Wallet.FindTransaction(dear.TxId)!.Fee!.Value;
        Assert.True(FeeratePerKvB.Of(paid, cheap.VirtualSize + dear.VirtualSize).Value >= 20_000);
    }

    [Fact]
    public async Task Change_looks_like_the_payment()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 39);
        await harness.ReceiveAsync(1_000_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 1_000_000, "The payment");
        var taproot = Address.Parse("bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqc8gma6", BitcoinNetwork.Regtest).Value;
        var sent = (await harness.Wallet.SendAsync(SendRequest.To(taproot, new Satoshis(20_000)) with { Feerate = s_rate }, Cancellation)).Value;
        Assert.All(sent.Outputs, static output => Assert.Equal(ScriptType.WitnessV1Taproot, StandardScripts.Classify(output.ScriptPubKey).Type));
        var back = (await SendAsync(harness, 20_000)).Value;
        Assert.All(back.Outputs, static output => Assert.Equal(ScriptType.WitnessV0KeyHash, StandardScripts.Classify(output.ScriptPubKey).Type));
    }

    [Fact]
    public async Task A_snapshot_leaves_everything_as_it_was()
    {
        await using var harness = await WalletHarness.CreateAsync(_driver, seed: 40, s_cheap with { CompactAtBytes = 1 });
        for (var i = 0; i < 60; i++)
            await harness.Wallet.NewAddressAsync(kind: null, $"address {i}", Cancellation);
        await harness.ReceiveAsync(500_000);
        await _driver.MineAsync(1, Cancellation);
        await harness.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 500_000, "The payment");
        var sent = (await SendAsync(harness, 20_000)).Value;
        var (balance, addresses) = (harness.Wallet.Balance, harness.Wallet.ListAddresses().Count);
        await harness.RestartAsync();
        await harness.SyncAsync();
        await harness.UntilAsync(wallet => wallet.Balance == balance, "The same balance");
        Assert.Equal(addresses, harness.Wallet.ListAddresses().Count);
        Assert.Contains(harness.Wallet.ListAddresses(), static one => string.Equals(one.Label, "address 59", StringComparison.Ordinal));
        Assert.True(harness.Wallet.FindTransaction(sent.TxId)!.IsOwn);
    }

    [Fact]
    public async Task A_seed_used_by_two_wallets_keeps_both_right()
    {
        await using var first = await WalletHarness.CreateAsync(_driver, seed: 41);
        await using var second = await WalletHarness.CreateAsync(_driver, seed: 41);
        await first.ReceiveAsync(1_000_000);
        await _driver.MineAsync(1, Cancellation);
        await second.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 1_000_000, "The payment");
        await first.UntilAsync(static wallet => wallet.Balance.Confirmed.Value == 1_000_000, "The payment");
        var sent = (await SendAsync(first, 400_000)).Value;
        var left = 600_000 - first.Wallet.FindTransaction(sent.TxId)!.Fee!.Value.Value;
        await second.UntilAsync(wallet => wallet.Balance.TrustedPending.Value == left, "The other's spend");
        Assert.True((await SendAsync(second, 100_000)).IsOk);
        await first.UntilAsync(wallet => wallet.Balance.Total.Value < left - 100_000, "The other's spend");
    }

    private static ScryptCost Cheap() => ScryptCost.TryCreate(4, 1, 1, out var cost) ? cost : throw new InvalidOperationException("The cost makes no sense.");

    private static Task<Primitives.Results.Result<Transaction, Primitives.Results.Refusal>> SendAsync(WalletHarness harness, long amount) =>
        harness.Wallet.SendAsync(SendRequest.To(s_elsewhere, new Satoshis(amount)) with { Feerate = s_rate }, Cancellation);

    private static WalletLogStore OpenStore() =>
        WalletLogStore.Open(Path.Combine(Directory.CreateTempSubdirectory("tributary-wallet-").FullName, "wallet"), SystemEntropy.Instance).Value;
}
