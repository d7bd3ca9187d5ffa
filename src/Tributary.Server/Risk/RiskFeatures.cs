using Tributary.Intelligence.Features.Definitions;

namespace Tributary.Server.Risk;

/// <summary>The features of a server that has no model of its own: enough for velocity rules, and what a first model is trained on.</summary>
internal static class RiskFeatures
{
    public static FeatureSet Default { get; } = FeatureSet.Parse("""
        label delay 7d
        decimals 2
        amount = amount
        rail = category
        hour = hour
        weekday = weekday
        amount_to_customer_mean = ratio mean by customer over ever excluding fraud prior 1
        amount_to_merchant_mean = ratio mean by merchant over 90d prior 1
        customer_payments = count by customer over ever before
        customer_payments_1h = count by customer over 1h before
        customer_payments_24h = count by customer over 24h before
        customer_spent_24h = sum amount by customer over 24h before
        customer_days_since_first = days_since first by customer
        customer_seconds_since_last = since last by customer
        customer_frauds = count fraud by customer over ever
        customer_cards_24h = distinct card by customer over 24h
        customer_devices_30d = distinct device by customer over 30d
        customer_seconds_since_device = since same device by customer
        card_payments_10m = count by card over 10m before
        card_payments_1h = count by card over 1h before
        card_payments_24h = count by card over 24h before
        card_customers_30d = distinct customer by card over 30d
        card_frauds = count fraud by card over ever
        device_payments_1h = count by device over 1h before
        device_cards_1h = distinct card by device over 1h
        device_cards_24h = distinct card by device over 24h
        device_customers_30d = distinct customer by device over 30d
        device_frauds = count fraud by device over ever
        address_payments_10m = count by address over 10m before
        address_payments_1h = count by address over 1h before
        address_cards_1h = distinct card by address over 1h
        address_customers_30d = distinct customer by address over 30d
        address_frauds = count fraud by address over ever
        merchant_payments_1h = count by merchant over 1h before
        merchant_mean_1h = mean amount by merchant over 1h before
        merchant_fraud_rate_30d = mean fraud by merchant over 30d
        """).Value;
}
