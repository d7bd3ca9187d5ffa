using Tributary.Intelligence.Features.Definitions;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>The features of the protocol.</summary>
public static class HandbookFeatures
{
    /// <summary>The fifteen that the book publishes: the amount, two of the calendar, six of the customer, six of the terminal after the label delay.</summary>
    public static FeatureSet Published { get; } = FeatureSet.Parse("""
        label delay 7d
        decimals 2
        amount = amount
        weekend = weekend
        night = night
        customer_payments_1d = count by customer over 1d
        customer_mean_1d = mean amount by customer over 1d
        customer_payments_7d = count by customer over 7d
        customer_mean_7d = mean amount by customer over 7d
        customer_payments_30d = count by customer over 30d
        customer_mean_30d = mean amount by customer over 30d
        terminal_payments_1d = count by terminal over 1d after 7d
        terminal_risk_1d = mean fraud by terminal over 1d else 0
        terminal_payments_7d = count by terminal over 7d after 7d
        terminal_risk_7d = mean fraud by terminal over 7d else 0
        terminal_payments_30d = count by terminal over 30d after 7d
        terminal_risk_30d = mean fraud by terminal over 30d else 0
        """).Value;

    /// <summary>
    /// What this engine scores with: how the amount compares with the customer's own history and whether that happened lately, and what the terminal's
    /// known outcomes are, with the calendar days around the last run of frauds: a compromised terminal shows as a run that began, and ends, on a day.
    /// </summary>
    public static FeatureSet Engine { get; } = FeatureSet.Parse("""
        label delay 7d
        decimals 2
        amount = amount
        amount_to_customer_mean = ratio mean by customer over ever excluding fraud prior 1
        customer_payments = count by customer over ever before
        customer_max_ratio_14d = max amount_to_customer_mean by customer over 14d before
        customer_spikes_14d = count by customer over 14d before where amount_to_customer_mean >= 2.5
        customer_frauds_14d = count fraud by customer over 7d
        customer_days_since_fraud = days_since last_fraud by customer
        terminal_fraud_run = fraud_run by terminal
        terminal_days_since_run_start = days_since run_start by terminal
        terminal_days_since_before_run = days_since before_run by terminal
        terminal_days_since_legitimate = days_since last_legitimate by terminal
        terminal_days_since_fraud = days_since last_fraud by terminal
        terminal_legitimate_run = legitimate_run by terminal
        terminal_frauds_28d = count fraud by terminal over 21d
        terminal_plain_frauds_28d = count fraud by terminal over 21d where amount_to_customer_mean < 2
        """).Value;
}
