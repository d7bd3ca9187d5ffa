using System.Text.Json;
using Tributary.Payments.Customers;

namespace Tributary.Server.Stripe;

/// <summary>A setup intent in Stripe's form.</summary>
internal static class StripeSetups
{
    public static StripeAnswer Answer(SetupIntent setup) => StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, setup));

    public static void Write(Utf8JsonWriter writer, SetupIntent setup)
    {
        writer.WriteStartObject();
        writer.WriteString("id", setup.Id);
        writer.WriteString("object", "setup_intent");
        writer.Nulls("allowed_payment_method_types", "application", "automatic_payment_methods");
        writer.Text("cancellation_reason", setup.CancellationReason);
        writer.WriteString("client_secret", setup.ClientSecret);
        writer.WriteNumber("created", setup.CreatedAt.ToUnixTimeSeconds());
        writer.Text("customer", setup.CustomerId);
        writer.WriteNull("customer_account");
        writer.Text("description", setup.Description);
        writer.Nulls("excluded_payment_method_types", "flow_directions");
        Error(writer, setup);
        writer.WriteNull("latest_attempt");
        writer.WriteBoolean("livemode", setup.IsLive);
        writer.Nulls("managed_payments", "mandate");
        writer.Metadata(setup.Metadata);
        writer.Nulls("next_action", "on_behalf_of");
        writer.Text("payment_method", setup.MethodId);
        writer.WriteNull("payment_method_configuration_details");
        writer.WriteStartObject("payment_method_options");
        writer.WriteEndObject();
        writer.WriteStartArray("payment_method_types");
        writer.WriteStringValue("card");
        writer.WriteEndArray();
        writer.WriteNull("single_use_mandate");
        writer.WriteString("status", WordOf(setup.Status));
        writer.WriteString("usage", setup.IsOnSession ? "on_session" : "off_session");
        writer.WriteEndObject();
    }

    private static void Error(Utf8JsonWriter writer, SetupIntent setup)
    {
        if (setup.LastError is not { } error)
        {
            writer.WriteNull("last_setup_error");
            return;
        }

        writer.WriteStartObject("last_setup_error");
        writer.WriteString("code", error.Code);
        if (error.DeclineCode is not null)
            writer.WriteString("decline_code", error.DeclineCode);
        writer.WriteString("message", error.Message);
        if (setup.LastRefused is { } refused)
        {
            writer.WritePropertyName("payment_method");
            StripePaymentMethods.Write(writer, refused);
        }

        writer.WriteString("type", "card_error");
        writer.WriteEndObject();
    }

    public static string WordOf(SetupStatus status) => status switch
    {
        SetupStatus.RequiresPaymentMethod => "requires_payment_method",
        SetupStatus.RequiresConfirmation => "requires_confirmation",
        SetupStatus.Succeeded => "succeeded",
        SetupStatus.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
