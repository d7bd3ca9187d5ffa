using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Server.Stripe;

/// <summary>Checkout sessions, payment links and line items in Stripe's form.</summary>
internal static class StripeCheckout
{
    private static readonly string[] s_absent =
    [
        "adaptive_pricing", "after_expiration", "allow_promotion_codes", "allowed_payment_method_types", "billing_address_collection", "collected_information", "consent", "consent_collection",
        "currency_conversion", "customer_account", "integration_identifier", "invoice", "invoice_creation", "locale", "managed_payments", "origin_context", "payment_method_configuration_details", "permissions",
        "recovered_from", "saved_payment_method_options", "setup_intent", "shipping_address_collection", "shipping_cost", "submit_type", "subscription",
        "wallet_options",
    ];

    /// <param name="writer">Takes the object.</param>
    /// <param name="file">The session.</param>
    /// <param name="origin">Where this server's pages are (http://localhost:8086); null where nobody asked by an address, and for a session that is over.</param>
    /// <param name="isPaymentExpanded">The intent itself instead of its name.</param>
    /// <param name="areLinesExpanded">The line items too.</param>
    public static void Write(Utf8JsonWriter writer, CheckoutFile file, string? origin, bool isPaymentExpanded = false, bool areLinesExpanded = false)
    {
        var (session, payment) = file;
        var intent = payment.Intent;
        writer.WriteStartObject();
        writer.WriteString("id", session.Id);
        writer.WriteString("object", "checkout.session");
        writer.WriteNumber("amount_subtotal", intent.Amount.MinorUnits);
        writer.WriteNumber("amount_total", intent.Amount.MinorUnits);
        writer.WriteStartObject("automatic_tax");
        writer.WriteBoolean("enabled", false);
        writer.WriteNull("liability");
        writer.WriteNull("provider");
        writer.WriteNull("status");
        writer.WriteEndObject();
        Text(writer, "cancel_url", session.CancelUrl);
        Text(writer, "client_reference_id", session.ClientReferenceId);
        writer.WriteNull("client_secret");
        writer.WriteNumber("created", session.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("currency", session.Currency.Code);
        writer.WriteStartArray("custom_fields");
        writer.WriteEndArray();
        writer.WriteStartObject("custom_text");
        foreach (var name in (string[])["after_submit", "shipping_address", "submit", "terms_of_service_acceptance"])
            writer.WriteNull(name);
        writer.WriteEndObject();
        Text(writer, "customer", intent.CustomerId);
        writer.WriteString("customer_creation", "if_required");
        Customer(writer, session);
        Text(writer, "customer_email", session.CustomerEmail);
        writer.WriteStartArray("discounts");
        writer.WriteEndArray();
        writer.WriteNumber("expires_at", session.ExpiresAt.ToUnixTimeSeconds());
        if (areLinesExpanded)
        {
            writer.WritePropertyName("line_items");
            WriteLines(writer, session.Lines, session.Currency, $"/v1/checkout/sessions/{session.Id}/line_items");
        }

        writer.WriteBoolean("livemode", session.IsLive);
        Metadata(writer, session.Metadata);
        writer.WriteString("mode", "payment");
        if (isPaymentExpanded)
        {
            writer.WritePropertyName("payment_intent");
            StripeIntents.Write(writer, payment, origin);
        }
        else
        {
            writer.WriteString("payment_intent", intent.Id);
        }

        Text(writer, "payment_link", session.PaymentLinkId);
        writer.WriteString("payment_method_collection", "if_required");
        writer.WriteStartObject("payment_method_options");
        writer.WriteEndObject();
        Disabled(writer, "phone_number_collection");
        Rails(writer, intent.Rails);
        writer.WriteString("payment_status", file.IsPaid ? "paid" : "unpaid");
        foreach (var name in s_absent)
            writer.WriteNull(name);
        writer.WriteStartArray("shipping_options");
        writer.WriteEndArray();
        writer.WriteString("status", file.Status switch { CheckoutStatus.Open => "open", CheckoutStatus.Complete => "complete", _ => "expired" });
        Text(writer, "success_url", session.SuccessUrl);
        writer.WriteStartObject("total_details");
        foreach (var name in (string[])["amount_discount", "amount_shipping", "amount_tax"])
            writer.WriteNumber(name, 0);
        writer.WriteEndObject();
        writer.WriteString("ui_mode", "hosted");
        Text(writer, "url", file.Status == CheckoutStatus.Open && origin is not null ? origin + session.Path : null);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, PaymentLink link, string origin)
    {
        writer.WriteStartObject();
        writer.WriteString("id", link.Id);
        writer.WriteString("object", "payment_link");
        writer.WriteBoolean("active", link.IsActive);
        writer.WriteStartObject("after_completion");
        if (link.SuccessUrl is null)
        {
            writer.WriteStartObject("hosted_confirmation");
            writer.WriteNull("custom_message");
            writer.WriteEndObject();
            writer.WriteString("type", "hosted_confirmation");
        }
        else
        {
            writer.WriteStartObject("redirect");
            writer.WriteString("url", link.SuccessUrl);
            writer.WriteEndObject();
            writer.WriteString("type", "redirect");
        }

        writer.WriteEndObject();
        writer.WriteBoolean("allow_promotion_codes", false);
        writer.WriteNull("application");
        writer.Nulls("application_fee_amount", "application_fee_percent", "consent_collection", "inactive_message", "invoice_creation", "managed_payments", "on_behalf_of", "optional_items");
        writer.Nulls("payment_intent_data", "payment_method_options", "restrictions", "shipping_address_collection", "subscription_data", "transfer_data");
        writer.WriteStartObject("automatic_tax");
        writer.WriteBoolean("enabled", false);
        writer.WriteNull("liability");
        writer.WriteEndObject();
        writer.WriteStartArray("custom_fields");
        writer.WriteEndArray();
        writer.WriteStartObject("custom_text");
        writer.Nulls("after_submit", "shipping_address", "submit", "terms_of_service_acceptance");
        writer.WriteEndObject();
        Disabled(writer, "phone_number_collection");
        writer.WriteStartArray("shipping_options");
        writer.WriteEndArray();
        writer.WriteStartObject("tax_id_collection");
        writer.WriteBoolean("enabled", false);
        writer.WriteString("required", "never");
        writer.WriteEndObject();
        writer.WriteString("billing_address_collection", "auto");
        writer.WriteString("currency", link.Currency.Code);
        writer.WriteString("customer_creation", "if_required");
        writer.WriteBoolean("livemode", link.IsLive);
        Metadata(writer, link.Metadata);
        writer.WriteString("payment_method_collection", "if_required");
        Rails(writer, link.Rails);
        writer.WriteString("submit_type", "auto");
        writer.WriteString("url", origin + link.Path);
        writer.WriteEndObject();
    }

    /// <summary>Line items as a list object.</summary>
    public static void WriteLines(Utf8JsonWriter writer, ImmutableArray<CheckoutLine> lines, Currency currency, string url)
    {
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var line in lines)
            Line(writer, line, currency);
        writer.WriteEndArray();
        writer.WriteBoolean("has_more", false);
        writer.WriteString("url", url);
        writer.WriteEndObject();
    }

    public static void Line(Utf8JsonWriter writer, CheckoutLine line, Currency currency)
    {
        writer.WriteStartObject();
        writer.WriteString("id", line.Id);
        writer.WriteString("object", "item");
        writer.WriteNull("adjustable_quantity");
        writer.WriteNumber("amount_discount", 0);
        writer.WriteNumber("amount_subtotal", line.Amount);
        writer.WriteNumber("amount_tax", 0);
        writer.WriteNumber("amount_total", line.Amount);
        writer.WriteString("currency", currency.Code);
        writer.WriteString("description", line.Name);
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteNull("price");
        writer.WriteNumber("quantity", line.Quantity);
        writer.WriteStartObject("tributary");
        writer.WriteNumber("unit_amount", line.UnitAmount);
        Text(writer, "details", line.Description);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Customer(Utf8JsonWriter writer, CheckoutSession session)
    {
        if (session.CustomerEmail is null)
        {
            writer.WriteNull("customer_details");
            return;
        }

        writer.WriteStartObject("customer_details");
        writer.WriteNull("address");
        writer.WriteNull("business_name");
        writer.WriteString("email", session.CustomerEmail);
        writer.WriteNull("individual_name");
        writer.WriteNull("name");
        writer.WriteNull("phone");
        writer.WriteString("tax_exempt", "none");
        writer.WriteStartArray("tax_ids");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Metadata(Utf8JsonWriter writer, ImmutableSortedDictionary<string, string> metadata)
    {
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in metadata)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    private static void Rails(Utf8JsonWriter writer, ImmutableArray<RailKind> rails)
    {
        writer.WriteStartArray("payment_method_types");
        foreach (var rail in rails)
            writer.WriteStringValue(StripeWords.Of(rail));
        writer.WriteEndArray();
    }

    private static void Disabled(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject(name);
        writer.WriteBoolean("enabled", false);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }
}
