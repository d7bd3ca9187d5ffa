using Tributary.Intelligence.Journal;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>A payer's demand that a person decides.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Decision">The decision that is contested.</param>
/// <param name="OpenedAt">When it was demanded.</param>
/// <param name="State">Where it is.</param>
/// <param name="Reviewer">The person who took it; nobody while it is open.</param>
/// <param name="Answer">What the payer was told; null while it is undecided.</param>
public sealed record Contest(DecisionId Id, DecisionId Decision, DateTimeOffset OpenedAt, ContestState State, StaffId Reviewer, string? Answer)
{
    /// <summary>True until a person has decided.</summary>
    public bool IsUndecided => State is ContestState.Open or ContestState.Assigned;

    /// <summary>When an answer is due: within one month (GDPR article 12, paragraph 3).</summary>
    public DateTimeOffset DueAt => OpenedAt.AddMonths(1);
}
