using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions;

/// <summary>
/// All that leaves the merchant's house about a decision: a category and the number with which a person can be asked to look again. Scores, reasons and
/// counterfactuals are of another type (<see cref="AnalystDecision"/>), so that no mistake can hand them to a card tester.
/// </summary>
/// <param name="Reference">The decision's number, for contesting it.</param>
/// <param name="Category">What happens.</param>
/// <param name="CanBeContested">True when the payer may ask a person to decide (GDPR article 22, paragraph 3).</param>
public sealed record PayerNotice(DecisionId Reference, PayerCategory Category, bool CanBeContested);
