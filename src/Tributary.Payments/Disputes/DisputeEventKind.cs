namespace Tributary.Payments.Disputes;

/// <summary>What is told to the outside about a dispute.</summary>
public enum DisputeEventKind
{
    Created,
    FundsWithdrawn,
    Updated,
    FundsReinstated,
    Closed,
}
