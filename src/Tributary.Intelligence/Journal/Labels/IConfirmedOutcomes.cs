namespace Tributary.Intelligence.Journal.Labels;

/// <summary>How many bad outcomes of the merchant's own are confirmed: what ends the cold start of a model.</summary>
public interface IConfirmedOutcomes
{
    /// <summary>Decisions of which it is certain that the payment was bad.</summary>
    int ConfirmedBadOutcomes { get; }
}
