namespace Tributary.Intelligence.Policy;

/// <summary>What happens when a decision's time is spent before there is a verdict.</summary>
public enum ExhaustedBudget
{
    /// <summary>Fail open: the payment goes on.</summary>
    FailOpen = 0,

    /// <summary>The payment is held until a person decides.</summary>
    Hold = 1,

    /// <summary>Fail closed: the payment is refused.</summary>
    FailClosed = 2,
}
