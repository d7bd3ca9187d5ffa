using Tributary.Intelligence.Features.Definitions;

namespace Tributary.Intelligence.Protocols.Sparkov;

/// <summary>The features for the Sparkov format. None is of a protected attribute.</summary>
public static class SparkovFeatures
{
    /// <summary>The payment and the card's usual amounts, without velocity: what a model without a stream would see.</summary>
    public static FeatureSet Reference { get; } = FeatureSet.Parse("""
        label delay 7d
        decimals 2
        amount = amount
        category = category
        hour = hour
        weekday = weekday
        amount_to_card_mean = ratio mean by card over ever prior 1
        card_payments_24h = count by card over 24h
        card_payments_7d = count by card over 7d
        card_spent_24h = sum amount by card over 24h
        card_mean_30d = mean amount by card over 30d
        card_seconds_since_last = since last by card
        card_days_since_first = days_since first by card
        merchant_fraud_rate_90d = mean fraud by merchant over 90d
        merchant_mean_30d = mean amount by merchant over 30d
        km_since_last = distance by card
        """).Value;

    /// <summary>What this engine scores with: how fast a card is spent, how far from its own habits, and what was known of it and of the merchant.</summary>
    public static FeatureSet Engine { get; } = FeatureSet.Parse("""
        label delay 7d
        decimals 2
        amount = amount
        category = category
        hour = hour
        weekday = weekday
        amount_to_card_mean = ratio mean by card over ever excluding fraud prior 1
        amount_to_card_max_30d = ratio max by card over 30d
        amount_to_card_median_90d = ratio median by card over 90d
        amount_to_merchant_mean = ratio mean by merchant over 90d prior 1
        card_payments_before = count by card over ever before
        card_payments_1h = count by card over 1h
        card_payments_6h = count by card over 6h
        card_payments_24h = count by card over 24h
        card_payments_7d = count by card over 7d
        card_payments_30d = count by card over 30d
        card_spent_6h = sum amount by card over 6h
        card_spent_24h = sum amount by card over 24h
        card_spent_7d = sum amount by card over 7d
        card_mean_24h = mean amount by card over 24h
        card_max_24h = max amount by card over 24h before
        card_max_ratio_24h = max amount_to_card_mean by card over 24h before
        card_max_ratio_72h = max amount_to_card_mean by card over 72h before
        card_mean_30d = mean amount by card over 30d
        card_std_30d = std amount by card over 30d
        card_spikes_24h = count by card over 24h before where amount_to_merchant_mean >= 2.5
        card_spikes_72h = count by card over 72h before where amount_to_merchant_mean >= 2.5
        card_spikes_7d = count by card over 7d before where amount_to_merchant_mean >= 2.5
        card_late_24h = count by card over 24h before where hour >= 22
        card_late_72h = count by card over 72h before where hour >= 22
        card_early_24h = count by card over 24h before where hour < 4
        card_early_72h = count by card over 72h before where hour < 4
        card_merchants_24h = distinct merchant by card over 24h
        card_seconds_since_last = since last by card
        card_seconds_since_merchant = since same merchant by card
        card_days_since_fraud = days_since last_fraud by card
        card_frauds_ever = count fraud by card over ever
        card_days_since_first = days_since first by card
        merchant_fraud_rate_90d = mean fraud by merchant over 90d
        merchant_payments_24h = count by merchant over 24h
        merchant_spikes_24h = count by merchant over 24h before where amount_to_merchant_mean >= 2.5
        km_since_last = distance by card
        km_per_hour = velocity by card
        """).Value;
}
