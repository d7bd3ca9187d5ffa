using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Decisions.Rights;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Decisions.Rights;

public sealed class ContestDeskTests
{
    private static readonly PayerNotice Declined = new(Samples.Id(1), PayerCategory.Declined, CanBeContested: true);

    private readonly ContestDesk _desk = new();
    private readonly Xoshiro256 _entropy = new(1);

    private static StaffId Ben => StaffId.TryParse("ben", out var id) ? id : default;

    [Fact]
    public void A_person_takes_a_contest_decides_it_and_the_payer_gets_their_words()
    {
        var contest = Open();
        Apply(_desk.Assign(contest, Samples.Anna, Samples.Time).Value);
        var resolution = _desk.Resolve(contest, Samples.Anna, overturn: true, "We were wrong.", Samples.Time).Value;
        Apply(resolution.Resolved);
        Assert.Equal((ContestState.Overturned, "We were wrong."), (_desk.Find(contest)!.State, _desk.Find(contest)!.Answer));
        Assert.Empty(_desk.Undecided);
        var label = resolution.Label!;
        Assert.Equal((Samples.Id(1), false, LabelSource.Contest), (label.Decision, label.IsBad, label.Source));
        Assert.Null(LabelRules.Check(label, Samples.Time.AddDays(-1), Samples.Time));
    }

    [Fact]
    public void A_decision_that_stands_says_nothing_new_about_the_payment()
    {
        var contest = Open();
        Apply(_desk.Assign(contest, Samples.Anna, Samples.Time).Value);
        var resolution = _desk.Resolve(contest, Samples.Anna, overturn: false, "The card was reported stolen.", Samples.Time).Value;
        Assert.Null(resolution.Label);
        Apply(resolution.Resolved);
        Assert.Equal(ContestState.Upheld, _desk.Find(contest)!.State);
    }

    [Fact]
    public void Nobody_but_the_person_who_took_it_decides()
    {
        var contest = Open();
        Assert.Equal("reviewer", _desk.Resolve(contest, Samples.Anna, overturn: true, "ok", Samples.Time).Error.Field);
        Assert.Equal("reviewer", _desk.Assign(contest, default, Samples.Time).Error.Field);
        Apply(_desk.Assign(contest, Samples.Anna, Samples.Time).Value);
        Assert.Equal("reviewer", _desk.Resolve(contest, Ben, overturn: true, "ok", Samples.Time).Error.Field);
        Assert.Equal("reviewer", _desk.Resolve(contest, default, overturn: true, "ok", Samples.Time).Error.Field);
        Assert.Equal("answer", _desk.Resolve(contest, Samples.Anna, overturn: true, " ", Samples.Time).Error.Field);
        Apply(_desk.Assign(contest, Ben, Samples.Time).Value);
        Assert.Equal("reviewer", _desk.Resolve(contest, Samples.Anna, overturn: true, "ok", Samples.Time).Error.Field);
        Assert.True(_desk.Resolve(contest, Ben, overturn: true, "ok", Samples.Time).IsOk);
    }

    [Fact]
    public void One_contest_at_a_time_three_in_all_and_none_of_what_was_accepted()
    {
        Assert.Equal("decision", _desk.Open(Declined with { CanBeContested = false }, Samples.Time, _entropy).Error.Field);
        for (var i = 0; i < ContestDesk.MaxContestsPerDecision; i++)
        {
            var contest = Open();
            Assert.Contains("already", _desk.Open(Declined, Samples.Time, _entropy).Error.Reason, StringComparison.Ordinal);
            Apply(_desk.Assign(contest, Samples.Anna, Samples.Time).Value);
            Apply(_desk.Resolve(contest, Samples.Anna, overturn: false, "no", Samples.Time).Value.Resolved);
            Assert.False(_desk.Resolve(contest, Samples.Anna, overturn: true, "yes", Samples.Time).IsOk);
            Assert.False(_desk.Assign(contest, Ben, Samples.Time).IsOk);
        }

        Assert.Contains("supervisory authority", _desk.Open(Declined, Samples.Time, _entropy).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_is_due_within_a_month()
    {
        Open();
        Assert.Empty(_desk.OverdueAt(Samples.Time.AddDays(30)));
        Assert.Single(_desk.OverdueAt(Samples.Time.AddDays(32)));
    }

    private DecisionId Open()
    {
        var entry = _desk.Open(Declined, Samples.Time, _entropy).Value;
        Apply(entry);
        return entry.Contest;
    }

    private void Apply(JournalEntry entry) => _desk.Apply(new JournalItem(new Sequence(1), Samples.Time, entry));
}
