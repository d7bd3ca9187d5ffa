using Tributary.Bitcoin.Policy;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Transactions;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Tests.Policy;

public sealed class MempoolRulesTests
{
    private static readonly HashSet<TxId> s_none = [];
    private static readonly FeeratePerKvB s_dust = PolicyLimits.Default.DustFeerate;

    [Fact]
    public void Version_3_spends_only_version_3_and_the_other_way_round()
    {
        var two = Make(2, Samples.Segwit.OutPointOf(0));
        var three = Make(3, Samples.Segwit.OutPointOf(0));

        Assert.Contains("version=3 tx", TrucPolicy.Check(Make(3, two.OutPointOf(0)), 100, [Entry(two)], s_none)!.Detail, StringComparison.Ordinal);
        Assert.Contains("cannot spend from version=3", TrucPolicy.Check(Make(2, three.OutPointOf(0)), 100, [Entry(three)], s_none)!.Detail, StringComparison.Ordinal);
        Assert.Null(TrucPolicy.Check(Make(3, three.OutPointOf(0)), 100, [Entry(three)], s_none));
        Assert.Null(TrucPolicy.Check(Make(2, two.OutPointOf(0)), 100_000, [Entry(two)], s_none));
    }

    [Fact]
    public void Version_3_is_small_and_its_child_smaller()
    {
        var parent = Make(3, Samples.Segwit.OutPointOf(0));
        var child = Make(3, parent.OutPointOf(0));

        Assert.Null(TrucPolicy.Check(parent, 10_000, [], s_none));
        Assert.Contains("too big: 10001 > 10000", TrucPolicy.Check(parent, 10_001, [], s_none)!.Detail, StringComparison.Ordinal);
        Assert.Null(TrucPolicy.Check(child, 1000, [Entry(parent)], s_none));
        Assert.Contains("child tx", TrucPolicy.Check(child, 1001, [Entry(parent)], s_none)!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_3_has_one_parent_and_one_child()
    {
        var parent = Make(3, Samples.Segwit.OutPointOf(0));
        var other = Make(3, Samples.Segwit.OutPointOf(1));
        var sibling = Make(3, parent.OutPointOf(1));
        var child = Make(3, parent.OutPointOf(0));

        Assert.Contains("too many ancestors", TrucPolicy.Check(child, 100, [Entry(parent), Entry(other)], s_none)!.Detail, StringComparison.Ordinal);
        Assert.Contains("too many ancestors", TrucPolicy.Check(child, 100, [Entry(parent) with { AncestorCount = 2 }], s_none)!.Detail, StringComparison.Ordinal);

        // The sibling goes if this child is better, by the rules of replacement.
        var family = Entry(parent) with { Descendants = [Entry(sibling) with { AncestorCount = 2 }] };
        var violation = TrucPolicy.Check(child, 100, [family], s_none);
        Assert.Contains("descendant count limit", violation!.Detail, StringComparison.Ordinal);
        Assert.Equal(sibling, violation.EvictableSibling!.Transaction);
        Assert.Null(TrucPolicy.Check(child, 100, [family], new HashSet<TxId> { sibling.TxId }));
        Assert.Null(TrucPolicy.Check(child, 100, [family with { Descendants = [.. family.Descendants, .. family.Descendants] }], s_none)!.EvictableSibling);
    }

    [Fact]
    public void In_a_package_the_same_holds()
    {
        var parent = Make(3, Samples.Segwit.OutPointOf(0));
        var child = Make(3, parent.OutPointOf(0));
        var sibling = Make(3, parent.OutPointOf(1));
        var grandchild = Make(3, child.OutPointOf(0));

        Assert.Null(TrucPolicy.CheckInPackage(parent, 100, [parent, child], []));
        Assert.Null(TrucPolicy.CheckInPackage(child, 100, [parent, child], []));
        Assert.Contains("too big", TrucPolicy.CheckInPackage(child, 1001, [parent, child], [])!.Detail, StringComparison.Ordinal);
        Assert.Contains("descendant", TrucPolicy.CheckInPackage(child, 100, [parent, sibling, child], [])!.Detail, StringComparison.Ordinal);
        Assert.Contains("ancestors", TrucPolicy.CheckInPackage(child, 100, [parent, child, grandchild], [])!.Detail, StringComparison.Ordinal);
        Assert.Contains("ancestors", TrucPolicy.CheckInPackage(child, 100, [parent, child], [Entry(sibling)])!.Detail, StringComparison.Ordinal);
        var mixed = Make(2, parent.OutPointOf(0));
        Assert.Contains("cannot spend from version=3", TrucPolicy.CheckInPackage(mixed, 100, [parent, mixed], [])!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_is_few_different_sorted_transactions_without_conflicts()
    {
        var parent = Make(2, Samples.Segwit.OutPointOf(0));
        var child = Make(2, parent.OutPointOf(0));

        Assert.Null(PackagePolicy.CheckWellFormed([parent, child]));
        Assert.Equal("package-not-sorted", PackagePolicy.CheckWellFormed([child, parent]));
        Assert.Equal("package-contains-duplicates", PackagePolicy.CheckWellFormed([parent, parent]));
        Assert.Equal("conflict-in-package", PackagePolicy.CheckWellFormed([parent, Make(2, Samples.Segwit.OutPointOf(0), outputs: 3)]));
        Assert.Equal("package-too-many-transactions", PackagePolicy.CheckWellFormed([.. Enumerable.Range(0, 26).Select(static i => Make(2, new OutPoint(Samples.Segwit.TxId, (uint)i)))]));
        var heavy = Make(2, Samples.Segwit.OutPointOf(1)).WithInputs([new TxIn(Samples.Segwit.OutPointOf(1), default, 0, Witness.Of(new byte[404_000]))]);
        Assert.Equal("package-too-large", PackagePolicy.CheckWellFormed([heavy, child]));

        Assert.Null(PackagePolicy.CheckChildWithParents([parent, child]));
        Assert.Equal("package-not-child-with-parents", PackagePolicy.CheckChildWithParents([parent, Make(2, Samples.Segwit.OutPointOf(1))]));
        Assert.Equal("package-not-child-with-parents", PackagePolicy.CheckChildWithParents([parent]));
    }

    [Fact]
    public void A_child_pays_for_a_parent_of_version_3_only()
    {
        var minimum = PolicyLimits.Default.MinRelayFeerate;
        (Transaction, Satoshis, int)[] Members(uint version, long parentFee, long childFee)
        {
            var parent = Make(version, Samples.Segwit.OutPointOf(0));
            return [(parent, new Satoshis(parentFee), 100), (Make(version, parent.OutPointOf(0)), new Satoshis(childFee), 200)];
        }

        Assert.Null(PackagePolicy.CheckFees(Members(3, 0, 30), minimum));
        Assert.Equal("mempool min fee not met", PackagePolicy.CheckFees(Members(3, 0, 29), minimum));
        Assert.Equal("min relay fee not met", PackagePolicy.CheckFees(Members(2, 0, 3000), minimum));
        Assert.Equal(new FeeratePerKvB(100), PackagePolicy.FeerateOf([(Satoshis.Zero, 100), (new Satoshis(30), 200)]));
    }

    [Fact]
    public void Dust_of_a_parent_is_spent_by_its_child()
    {
        var parent = Transaction.Create(
            3, [new TxIn(Samples.Segwit.OutPointOf(0))], [new TxOut(new Satoshis(1000), StandardScripts.P2wpkh(new byte[20])), new TxOut(default, StandardScripts.P2a)]);
        var both = Transaction.Create(3, [new TxIn(parent.OutPointOf(0)), new TxIn(parent.OutPointOf(1))], [new TxOut(new Satoshis(900), StandardScripts.P2wpkh(new byte[20]))]);
        var one = Make(3, parent.OutPointOf(0));

        Assert.Null(Dust.FindMissingSpend([parent, both], s_dust, static _ => null));
        Assert.Equal(one, Dust.FindMissingSpend([parent, one], s_dust, static _ => null));
        Assert.Equal(one, Dust.FindMissingSpend([one], s_dust, id => id == parent.TxId ? parent : null));
        Assert.Null(Dust.FindMissingSpend([one], s_dust, static _ => null));
    }

    [Theory]
    [InlineData(1000, 100, 0, 0, 1010, null)]
    [InlineData(1000, 100, 0, 0, 1009, "insufficient fee")]
    [InlineData(1000, 100, 0, 0, 1000, "insufficient fee")]
    [InlineData(1000, 100, 5000, 100, 1500, "insufficient fee")]
    [InlineData(1000, 100, 5000, 100, 6010, null)]
    [InlineData(1000, 50, 0, 0, 1900, "insufficient fee")]
    public void A_replacement_pays_more_than_what_goes_and_for_itself(long fee, int size, long childFee, int childSize, long newFee, string? reason)
    {
        var old = Make(2, Samples.Segwit.OutPointOf(0));
        var child = new UnconfirmedTransaction(Make(2, old.OutPointOf(0)), new Satoshis(childFee), Math.Max(1, childSize), 2, []);
        var conflict = new UnconfirmedTransaction(old, new Satoshis(fee), size, 1, childSize > 0 ? [child] : []);

        Assert.Equal(reason, ReplacementPolicy.Check(new Satoshis(newFee), 100, [conflict], s_none));
    }

    [Fact]
    public void A_replacement_throws_out_a_hundred_at_most_and_none_that_it_needs()
    {
        var old = Make(2, Samples.Segwit.OutPointOf(0));
        var many = Enumerable.Range(0, 100).Select(i => Entry(Make(2, new OutPoint(old.TxId, (uint)i)))).ToArray();

        Assert.Equal("too many potential replacements", ReplacementPolicy.Check(new Satoshis(1_000_000), 100, [Entry(old) with { Descendants = many }], s_none));
        Assert.Equal("bad-txns-spends-conflicting-tx", ReplacementPolicy.Check(new Satoshis(1_000_000), 100, [Entry(old)], new HashSet<TxId> { old.TxId }));
    }

    private static UnconfirmedTransaction Entry(Transaction transaction) => new(transaction, new Satoshis(100), 100, 1, []);

    private static Transaction Make(uint version, OutPoint spent, int outputs = 2) => Transaction.Create(
        version, [new TxIn(spent)], Enumerable.Repeat(new TxOut(new Satoshis(1000), StandardScripts.P2wpkh(new byte[20])), outputs).ToArray());
}
