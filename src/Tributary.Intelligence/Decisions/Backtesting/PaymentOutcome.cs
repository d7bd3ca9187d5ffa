namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>What became of a payment, as far as it is known.</summary>
public enum PaymentOutcome
{
    /// <summary>Reported as good, or left alone for the label delay after it went on.</summary>
    Good = 0,

    /// <summary>Reported as bad.</summary>
    Bad = 1,

    /// <summary>Too early to tell, or held up at the time so that nobody can tell.</summary>
    Unknown = 2,
}
