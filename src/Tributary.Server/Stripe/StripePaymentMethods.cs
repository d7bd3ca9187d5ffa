using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Payments.Customers;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails.Card;

namespace Tributary.Server.Stripe;

/// <summary>A payment method in Stripe's form. One that was used without being saved is named after its attempt.</summary>
internal static class StripePaymentMethods
{
    public static string IdOf(PaymentAttempt attempt) => attempt.PaymentMethodId ?? "pm_" + attempt.Id[(attempt.Id.IndexOf('_', StringComparison.Ordinal) + 1)..];

    /// <summary>What was used for an attempt.</summary>
    public static void Write(Utf8JsonWriter writer, PaymentAttempt attempt, bool isLive) =>
        Write(writer, IdOf(attempt), attempt.Rail, attempt.CardLastFour, null, attempt.CreatedAt, isLive, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>One that was saved.</summary>
    public static void Write(Utf8JsonWriter writer, SavedMethod method) =>
        Write(writer, method.Id, method.Rail, method.CardLastFour, method.CustomerId, method.CreatedAt, method.IsLive, method.Metadata);

    public static void Write(
        Utf8JsonWriter writer,
        string id,
        RailKind rail,
        string? cardLastFour,
        string? customerId,
        DateTimeOffset createdAt,
        bool isLive,
        ImmutableSortedDictionary<string, string> metadata)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("object", "payment_method");
        writer.WriteString("allow_redisplay", "unspecified");
        BillingDetails(writer);
        if (rail == RailKind.Card)
        {
            writer.WritePropertyName("card");
            Card(writer, cardLastFour, isSaved: true);
        }

        writer.WriteNumber("created", createdAt.ToUnixTimeSeconds());
        writer.Text("customer", customerId);
        writer.WriteNull("customer_account");
        writer.WriteBoolean("livemode", isLive);
        writer.Metadata(metadata);
        var type = StripeWords.Of(rail);
        writer.WriteString("type", type);
        if (rail != RailKind.Card)
        {
            writer.WriteStartObject(type);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    public static void BillingDetails(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("billing_details");
        writer.Address("address", null);
        writer.Nulls("email", "name", "phone", "tax_id");
        writer.WriteEndObject();
    }

    /// <summary>A card, as far as it may be shown: a test card's expiry is of no card at all.</summary>
    public static void Card(Utf8JsonWriter writer, string? lastFour, bool isSaved)
    {
        var brand = TestCard.FindByLastFour(lastFour)?.Brand ?? "unknown";
        writer.WriteStartObject();
        writer.WriteString("brand", brand);
        Checks(writer);
        writer.WriteString("country", "US");
        if (isSaved)
            writer.WriteString("display_brand", brand);
        writer.WriteNumber("exp_month", 12);
        writer.WriteNumber("exp_year", 2034);
        writer.WriteString("fingerprint", "test" + (lastFour ?? "0000"));
        writer.WriteString("funding", "credit");
        if (isSaved)
            writer.WriteNull("generated_from");
        writer.WriteString("last4", lastFour ?? "0000");
        if (isSaved)
        {
            writer.WriteStartObject("networks");
            writer.WriteStartArray("available");
            writer.WriteStringValue(brand);
            writer.WriteEndArray();
            writer.WriteNull("preferred");
            writer.WriteEndObject();
            writer.WriteString("regulated_status", "unregulated");
            writer.WriteStartObject("three_d_secure_usage");
            writer.WriteBoolean("supported", false);
            writer.WriteEndObject();
        }
        else
        {
            writer.Nulls("amount_authorized", "authorization_code", "electronic_commerce_indicator", "installments", "transaction_link_id");
            writer.WriteNull("mandate");
            writer.WriteString("network", brand);
            writer.WriteNull("network_token");
            writer.WriteNull("network_transaction_id");
            writer.WriteString("regulated_status", "unregulated");
            writer.WriteNull("three_d_secure");
        }

        writer.WriteNull("wallet");
        writer.WriteEndObject();
    }

    private static void Checks(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("checks");
        writer.Nulls("address_line1_check", "address_postal_code_check");
        writer.WriteString("cvc_check", "pass");
        writer.WriteEndObject();
    }
}
