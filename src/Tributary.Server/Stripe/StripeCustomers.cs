using System.Text.Json;
using Tributary.Payments.Customers;

namespace Tributary.Server.Stripe;

/// <summary>A customer in Stripe's form.</summary>
internal static class StripeCustomers
{
    public static StripeAnswer Answer(Customer customer) => StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, customer));

    public static void Write(Utf8JsonWriter writer, Customer customer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", customer.Id);
        writer.WriteString("object", "customer");
        if (customer.DeletedAt is not null)
        {
            writer.WriteBoolean("deleted", true);
            writer.WriteEndObject();
            return;
        }

        if (customer.Address is { IsEmpty: false } address)
            writer.Address("address", address);
        else
            writer.WriteNull("address");
        writer.WriteNumber("balance", 0);
        writer.WriteNumber("created", customer.CreatedAt.ToUnixTimeSeconds());
        writer.Nulls("currency", "customer_account", "default_source");
        writer.WriteBoolean("delinquent", false);
        writer.Text("description", customer.Description);
        writer.WriteNull("discount");
        writer.Text("email", customer.Email);
        writer.WriteStartObject("invoice_settings");
        writer.Nulls("custom_fields", "default_payment_method", "footer", "rendering_options");
        writer.WriteEndObject();
        writer.WriteBoolean("livemode", customer.IsLive);
        writer.Metadata(customer.Metadata);
        writer.Text("name", customer.Name);
        writer.Text("phone", customer.Phone);
        writer.WriteStartArray("preferred_locales");
        writer.WriteEndArray();
        StripeIntents.Shipping(writer, customer.Shipping);
        writer.WriteString("tax_exempt", "none");
        writer.WriteNull("test_clock");
        writer.WriteEndObject();
    }
}
