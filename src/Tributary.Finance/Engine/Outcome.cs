using Tributary.Primitives.Results;

namespace Tributary.Finance.Engine;

/// <summary>What became of an operation.</summary>
/// <param name="Refusal">Why it was refused; null where it was accepted.</param>
/// <param name="IndexSpent">True where the account's next index has moved on: with every accepted operation of an account, and with a refused one that was forced.</param>
/// <param name="Events">What it brought about, in order; none where it was refused.</param>
public readonly record struct Outcome(Refusal? Refusal, bool IndexSpent, IReadOnlyList<FinanceEvent> Events)
{
    public bool IsAccepted => Refusal is null;
}
