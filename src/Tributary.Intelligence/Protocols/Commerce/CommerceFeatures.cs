using Tributary.Intelligence.Features.Definitions;

namespace Tributary.Intelligence.Protocols.Commerce;

/// <summary>The features for a merchant's own payments: the ones that a shop starts with.</summary>
public static class CommerceFeatures
{
    /// <summary>The payment and the customer's usual amounts: what a shop sees without a stream.</summary>
    public static FeatureSet Reference { get; } = FeatureSet.Parse("""
        label delay 7d
        decimals 2
        amount = amount
        category = category
        hour = hour
        weekday = weekday
        customer_payments = count by customer over ever before
        customer_mean_30d = mean amount by customer over 30d before
        amount_to_customer_mean = ratio mean by customer over ever prior 1
        merchant_fraud_rate_90d = mean fraud by merchant over 90d
        """).Value;

    /// <summary>How fast each party is used, with whom it was seen before, how far payments lie apart, and what was known of it.</summary>
    public static FeatureSet Engine { get; } = FeatureSet.Parse("""
        label delay 7d
        decimals 2
        amount = amount
        category = category
        hour = hour
        weekday = weekday
        amount_to_customer_mean = ratio mean by customer over ever excluding fraud prior 1
        amount_to_merchant_mean = ratio mean by merchant over 90d prior 1
        customer_payments = count by customer over ever before
        customer_payments_1h = count by customer over 1h before
        customer_payments_24h = count by customer over 24h before
        customer_spent_24h = sum amount by customer over 24h before
        customer_spikes_24h = count by customer over 24h before where amount_to_merchant_mean >= 2
        customer_days_since_first = days_since first by customer
        customer_seconds_since_last = since last by customer
        customer_frauds = count fraud by customer over ever
        customer_fraud_rate = mean fraud by customer over ever
        customer_devices_30d = distinct device by customer over 30d
        customer_seconds_since_device = since same device by customer
        customer_seconds_since_address = since same address by customer
        customer_km_since_last = distance by customer
        customer_km_per_hour = velocity by customer
        card_payments_1h = count by card over 1h before
        card_customers_30d = distinct customer by card over 30d
        card_frauds = count fraud by card over ever
        device_payments_10m = count by device over 10m before
        device_payments_1h = count by device over 1h before
        device_payments_24h = count by device over 24h before
        device_cards_1h = distinct card by device over 1h
        device_cards_24h = distinct card by device over 24h
        device_customers_30d = distinct customer by device over 30d
        device_frauds = count fraud by device over ever
        device_days_since_first = days_since first by device
        address_payments_1h = count by address over 1h before
        address_cards_24h = distinct card by address over 24h
        address_customers_30d = distinct customer by address over 30d
        address_frauds = count fraud by address over ever
        merchant_payments_1h = count by merchant over 1h before
        merchant_mean_1h = mean amount by merchant over 1h before
        merchant_fraud_rate_30d = mean fraud by merchant over 30d
        merchant_fraud_rate_90d = mean fraud by merchant over 90d
        merchant_devices_1h = distinct device by merchant over 1h
        """).Value;
}
