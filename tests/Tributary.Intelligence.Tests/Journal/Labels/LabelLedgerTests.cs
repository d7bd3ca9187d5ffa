using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;

namespace Tributary.Intelligence.Tests.Journal.Labels;

public sealed class LabelLedgerTests
{
    [Fact]
    public void A_label_that_arrives_twice_counts_once()
    {
        var ledger = new LabelLedger();
        Assert.Equal(LabelNotices.None, Apply(ledger, Samples.Label(1)));
        Assert.Equal(LabelNotices.Duplicate, Apply(ledger, Samples.Label(1)));
        Assert.Equal(1, ledger.ConfirmedBadOutcomes);
        Assert.Equal(1, ledger.Find(Samples.Id(1))!.LabelCount);
    }

    [Fact]
    public void The_stronger_source_holds_whatever_comes_first()
    {
        var bad = Samples.Label(1, source: LabelSource.Network);
        var good = Samples.Label(1, isBad: false, LabelSource.Analyst, hours: 0.5);
        var (forward, backward) = (new LabelLedger(), new LabelLedger());
        Apply(forward, bad);
        Assert.Equal(LabelNotices.Contradicts | LabelNotices.Supersedes, Apply(forward, good));
        Apply(backward, good);
        Assert.Equal(LabelNotices.Contradicts | LabelNotices.Outweighed, Apply(backward, bad));
        Assert.All([forward, backward], ledger =>
        {
            Assert.False(ledger.Find(Samples.Id(1))!.IsBad);
            Assert.True(ledger.Find(Samples.Id(1))!.IsContradicted);
            Assert.Equal(0, ledger.ConfirmedBadOutcomes);
        });
    }

    [Fact]
    public void Of_two_equal_sources_the_later_observation_holds()
    {
        var ledger = new LabelLedger();
        Apply(ledger, Samples.Label(1, hours: 5, reference: "b"));
        Assert.Equal(LabelNotices.Contradicts | LabelNotices.Outweighed, Apply(ledger, Samples.Label(1, isBad: false, hours: 4, reference: "a")));
        Assert.True(ledger.Find(Samples.Id(1))!.IsBad);
        Apply(ledger, Samples.Label(1, isBad: false, hours: 6, reference: "c"));
        Assert.False(ledger.Find(Samples.Id(1))!.IsBad);
    }

    [Fact]
    public void A_suspicion_is_no_confirmed_outcome_until_it_is_confirmed()
    {
        var ledger = new LabelLedger();
        Apply(ledger, Samples.Label(1, isConfirmed: false));
        Assert.Equal(0, ledger.ConfirmedBadOutcomes);
        Apply(ledger, Samples.Label(1, hours: 2));
        Assert.Equal(1, ledger.ConfirmedBadOutcomes);
    }

    [Fact]
    public void The_count_of_confirmed_outcomes_is_what_a_count_over_all_decisions_finds() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] bytes) =>
        {
            var ledger = new LabelLedger();
            foreach (var b in bytes)
                Apply(ledger, Samples.Label(b % 4, (b & 4) != 0, (LabelSource)(b / 8 % 5), hours: b / 40, isConfirmed: (b & 64) != 0));
            var counted = Enumerable.Range(0, 4).Count(i => ledger.Find(Samples.Id(i)) is { IsConfirmedBad: true });
            return counted == ledger.ConfirmedBadOutcomes;
        }));

    [Theory]
    [InlineData(LabelKind.Settled, true, 1, "r", "label")]
    [InlineData(LabelKind.DoubleSpend, false, 1, "r", "label")]
    [InlineData(LabelKind.DoubleSpend, true, -1, "r", "observed_at")]
    [InlineData(LabelKind.DoubleSpend, true, 1000, "r", "observed_at")]
    [InlineData(LabelKind.DoubleSpend, true, 1, "Anna Schmidt, Berlin", "reference")]
    public void A_label_that_cannot_be_is_refused(LabelKind kind, bool isBad, double hours, string reference, string field)
    {
        var label = Samples.Label(1, isBad, hours: hours, reference: reference) with { Label = kind };
        Assert.Equal(field, LabelRules.Check(label, Samples.Time, Samples.Time.AddDays(10))!.Field);
    }

    [Fact]
    public void A_label_may_be_as_late_as_it_likes() =>
        Assert.Null(LabelRules.Check(Samples.Label(1, hours: 24 * 400), Samples.Time, Samples.Time.AddDays(500)));

    private static LabelNotices Apply(LabelLedger ledger, LabelEntry label) => ledger.Apply(label, Samples.Time.AddDays(3));
}
