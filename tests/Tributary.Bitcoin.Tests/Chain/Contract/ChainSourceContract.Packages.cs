using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Chain.Contract;

public abstract partial class ChainSourceContract
{
    private async Task<PackageVerdict> PackageAsync(params Transaction[] package) => (await Source.BroadcastPackageAsync(package, Cancellation)).Value;

    private static Transaction WithAnchor(Spendable coin) =>
        Transaction.Create(3, [coin.Input()], [Paying(coin, 0), new TxOut(Satoshis.Zero, StandardScripts.P2a)]);

    private static TxIn Anchor(Transaction parent) => new(parent.OutPointOf(1));

    private static Transaction Child(Transaction parent, long fee, uint version = 3) =>
        Transaction.Create(version, [Spendable.Of(parent).Input(), Anchor(parent)], [Paying(Spendable.Of(parent), fee)]);

    [Fact]
    public async Task A_child_pays_for_a_parent_without_fee_and_takes_its_anchor()
    {
        var parent = WithAnchor(await Driver.CoinAsync(Cancellation));
        var child = Child(parent, fee: 5000);

        var verdict = await PackageAsync(parent, child);

        Assert.True(verdict.IsAccepted, verdict.Reason);
        Assert.Equal("success", verdict.Reason);
        Assert.Equal(
            [new MempoolVerdict(parent.TxId, IsAccepted: true, null, Satoshis.Zero), new MempoolVerdict(child.TxId, IsAccepted: true, null, new(5000))],
            verdict.Transactions);
        Assert.True((await PackageAsync(parent, child)).IsAccepted, "A package can be sent again.");

        await Driver.MineAsync(1, Cancellation);
        Assert.NotNull((await Source.GetOutspendAsync(parent.OutPointOf(1), null, Cancellation)).Value.Height);
    }

    [Fact]
    public async Task A_child_that_pays_too_little_for_both_is_refused_with_the_package()
    {
        var parent = WithAnchor(await Driver.CoinAsync(Cancellation));

        var verdict = await PackageAsync(parent, Child(parent, fee: 10));

        Assert.False(verdict.IsAccepted);
        Assert.Equal("transaction failed", verdict.Reason);
        Assert.All(verdict.Transactions, static one => Assert.Equal("min relay fee not met", one.RejectReason));
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetUnspentAsync(parent.OutPointOf(0), Cancellation)).Error.Kind);
    }

    [Fact]
    public async Task A_child_that_leaves_the_dust_behind_is_refused()
    {
        var parent = WithAnchor(await Driver.CoinAsync(Cancellation));

        var verdict = await PackageAsync(parent, Spendable.Of(parent).Pay(fee: 5000, version: 3));

        Assert.False(verdict.IsAccepted);
        Assert.Equal("unspent-dust", verdict.Reason);
        Assert.Equal("missing-ephemeral-spends", verdict.Transactions[1].RejectReason);
    }

    [Fact]
    public async Task A_parent_that_is_enough_by_itself_stays_when_its_child_fails()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var parent = coin.Pay(fee: 1000);

        var verdict = await PackageAsync(parent, Spendable.Of(parent).Pay(fee: 1));

        Assert.False(verdict.IsAccepted);
        Assert.Equal("transaction failed", verdict.Reason);
        Assert.True(verdict.Transactions[0].IsAccepted);
        Assert.Equal("min relay fee not met", verdict.Transactions[1].RejectReason);
        Assert.True((await Source.GetUnspentAsync(parent.OutPointOf(0), Cancellation)).IsOk);
    }

    [Fact]
    public async Task A_child_bumps_a_parent_of_version_3_that_waits_in_the_mempool()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var parent = coin.Pay(fee: 100, version: 3);
        await BroadcastAsync(parent);

        var verdict = await PackageAsync(parent, Spendable.Of(parent).Pay(fee: 5000, version: 3));

        Assert.True(verdict.IsAccepted, verdict.Reason);
        Assert.Equal(new Satoshis(100), verdict.Transactions[0].Fee);
    }

    [Fact]
    public async Task A_package_replaces_another_when_it_pays_better()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var parent = WithAnchor(coin);
        Assert.True((await PackageAsync(parent, Child(parent, fee: 2000))).IsAccepted);

        // The same coin, another parent: what a second version of a commitment transaction is.
        var second = Transaction.Create(3, [coin.Input(sequence: 0)], [Paying(coin, 0), new TxOut(Satoshis.Zero, StandardScripts.P2a)]);
        var tooLittle = await PackageAsync(second, Child(second, fee: 2000));
        var enough = await PackageAsync(second, Child(second, fee: 4000));

        Assert.Equal("package RBF failed: insufficient anti-DoS fees", tooLittle.Reason);
        Assert.False(tooLittle.IsAccepted);
        Assert.True(enough.IsAccepted, enough.Reason);
        Assert.Equal(second, (await Source.GetOutspendAsync(coin.OutPoint, null, Cancellation)).Value.Spender);
    }

    [Fact]
    public async Task Misshapen_packages_are_refused_in_the_same_words_by_every_source()
    {
        var coin = await Driver.CoinAsync(Cancellation);
        var other = await Driver.CoinAsync(Cancellation);
        var parent = coin.Split(2, fee: 1000);
        var child = Spendable.Of(parent).Pay(fee: 1000);
        var stranger = other.Pay(fee: 1000);

        Assert.Equal("package-empty", (await PackageAsync()).Reason);
        Assert.Equal("package-not-sorted", (await PackageAsync(child, parent)).Reason);
        Assert.Equal("package-contains-duplicates", (await PackageAsync(parent, parent)).Reason);
        Assert.Equal("conflict-in-package", (await PackageAsync(coin.Pay(fee: 3000), coin.Pay(fee: 4000))).Reason);
        Assert.Equal("package-not-child-with-parents", (await PackageAsync(parent, stranger)).Reason);
        Assert.Equal("package-too-many-transactions", (await PackageAsync([.. Enumerable.Repeat(parent, 26)])).Reason);
        Assert.All((await PackageAsync(child, parent)).Transactions, static one => Assert.False(one.IsAccepted));
        Assert.Equal(ChainErrorKind.NotFound, (await Source.GetUnspentAsync(stranger.OutPointOf(0), Cancellation)).Error.Kind);
    }

    [Fact]
    public async Task A_package_of_one_is_a_transaction()
    {
        var coin = await Driver.CoinAsync(Cancellation);

        Assert.Equal("min relay fee not met", (await PackageAsync(coin.Pay(fee: 1))).Transactions[0].RejectReason);
        Assert.True((await PackageAsync(coin.Pay(fee: 1000))).IsAccepted);
    }
}
