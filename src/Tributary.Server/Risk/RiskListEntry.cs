namespace Tributary.Server.Risk;

/// <summary>Somebody or something on a list of the policy.</summary>
/// <param name="List">"blocked_customers" and the like.</param>
/// <param name="Pseudonym">What the engine knows it by.</param>
/// <param name="Label">What an analyst knows it by; of a card the last four digits.</param>
/// <param name="Reason">Why, in the analyst's words.</param>
/// <param name="AddedBy">The member.</param>
/// <param name="AddedAt">When.</param>
public sealed record RiskListEntry(string List, string Pseudonym, string Label, string Reason, string AddedBy, DateTimeOffset AddedAt);
