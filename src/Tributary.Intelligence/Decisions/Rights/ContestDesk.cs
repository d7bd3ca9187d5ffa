using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>
/// The way for a payer to have a person decide (GDPR article 22, paragraph 3), from the entries of the journal in their order. As with
/// policies, asking gives the entry to journal, and applying it makes it so. One owner.
/// </summary>
public sealed class ContestDesk
{
    /// <summary>How often one decision can be contested.</summary>
    public const int MaxContestsPerDecision = 3;

    /// <summary>Contests that may be undecided at a time; at the bound new ones are refused with advice.</summary>
    public const int MaxUndecided = 100_000;

    /// <summary>The longest answer, in characters.</summary>
    public const int MaxAnswerLength = 1_000;

    private readonly Dictionary<DecisionId, Contest> _contests = [];
    private readonly Dictionary<DecisionId, List<DecisionId>> _byDecision = [];
    private int _undecided;

    /// <summary>Contests that wait for a person, the one due first in front.</summary>
    public IEnumerable<Contest> Undecided => _contests.Values.Where(static contest => contest.IsUndecided).OrderBy(static contest => contest.OpenedAt);

    /// <summary>Contests whose answer is overdue.</summary>
    public IEnumerable<Contest> OverdueAt(DateTimeOffset now) => Undecided.Where(contest => contest.DueAt < now);

    /// <summary>The contest of a number, or null.</summary>
    public Contest? Find(DecisionId contest) => _contests.GetValueOrDefault(contest);

    /// <summary>Asks to open a contest. Refused: a decision that let the payment pass, one that is contested already or too often, a full desk.</summary>
    public Result<ContestOpenedEntry, Refusal> Open(PayerNotice notice, DateTimeOffset now, IEntropy entropy)
    {
        if (!notice.CanBeContested)
            return new Refusal("decision", "The payment was accepted; there is nothing to contest.");
        var earlier = _byDecision.GetValueOrDefault(notice.Reference) ?? [];
        if (earlier.Exists(id => _contests[id].IsUndecided))
            return new Refusal("decision", "A person is asked already; the answer is on its way.");
        if (earlier.Count >= MaxContestsPerDecision)
            return new Refusal("decision", $"The decision was contested {MaxContestsPerDecision} times. What remains is a complaint to the supervisory authority or to a court.");
        if (_undecided >= MaxUndecided)
            return new Refusal("desk", "Too many contests wait for an answer. Ask again later, or write to the merchant.");
        return new ContestOpenedEntry(DecisionId.New(entropy), notice.Reference, now);
    }

    /// <summary>Asks to give a contest to a person.</summary>
    public Result<ContestAssignedEntry, Refusal> Assign(DecisionId contest, StaffId reviewer, DateTimeOffset now)
    {
        if (reviewer.Value.Length == 0)
            return new Refusal("reviewer", "A contest is decided by a person.");
        if (Find(contest) is not { } found)
            return new Refusal("contest", "There is no such contest.");
        return found.IsUndecided ? new ContestAssignedEntry(contest, reviewer, now) : new Refusal("contest", "The contest is decided.");
    }

    /// <summary>Asks to decide a contest: by the person who took it, in words for the payer.</summary>
    public Result<ContestResolution, Refusal> Resolve(DecisionId contest, StaffId reviewer, bool overturn, string answer, DateTimeOffset now)
    {
        if (Find(contest) is not { } found)
            return new Refusal("contest", "There is no such contest.");
        if (!found.IsUndecided)
            return new Refusal("contest", "The contest is decided.");
        if (found.State != ContestState.Assigned || found.Reviewer != reviewer)
            return new Refusal("reviewer", "The contest is decided by the person who took it.");
        if (string.IsNullOrWhiteSpace(answer) || answer.Length > MaxAnswerLength)
            return new Refusal("answer", $"The payer gets an answer of 1 to {MaxAnswerLength} characters.");
        var resolved = new ContestResolvedEntry(contest, reviewer, overturn, answer, now);
        var label = overturn
            ? new LabelEntry(found.Decision, IsBad: false, LabelKind.AnalystVerdict, LabelSource.Contest, IsConfirmed: true, now, $"contest:{contest.Value:x32}")
            : null;
        return new ContestResolution(resolved, label);
    }

    /// <summary>Takes the next entry of the journal; entries about other things change nothing.</summary>
    public void Apply(JournalItem item)
    {
        switch (item.Entry)
        {
            case ContestOpenedEntry opened when !_contests.ContainsKey(opened.Contest):
                _contests[opened.Contest] = new Contest(opened.Contest, opened.Decision, opened.At, ContestState.Open, Reviewer: default, Answer: null);
                if (!_byDecision.TryGetValue(opened.Decision, out var contests))
                    _byDecision[opened.Decision] = contests = [];
                contests.Add(opened.Contest);
                _undecided++;
                break;
            case ContestAssignedEntry assigned when Find(assigned.Contest) is { IsUndecided: true } contest:
                _contests[contest.Id] = contest with { State = ContestState.Assigned, Reviewer = assigned.Reviewer };
                break;
            case ContestResolvedEntry resolved when Find(resolved.Contest) is { IsUndecided: true } contest:
                _contests[contest.Id] = contest with
                {
                    State = resolved.IsOverturned ? ContestState.Overturned : ContestState.Upheld,
                    Reviewer = resolved.Reviewer,
                    Answer = resolved.Answer,
                };
                _undecided--;
                break;
        }
    }
}
