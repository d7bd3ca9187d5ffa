using System.Text.Json;
using Tributary.Payments.Outbox;

namespace Tributary.Server.Stripe;

/// <summary>An event in Stripe's form: the object as it was when it happened.</summary>
internal static class StripeEvents
{
    public static void Write(Utf8JsonWriter writer, OutboxEvent told)
    {
        writer.WriteStartObject();
        writer.WriteString("id", told.Id);
        writer.WriteString("object", "event");
        writer.WriteString("api_version", ApiVersion);
        writer.WriteNumber("created", told.At.ToUnixTimeSeconds());
        writer.WriteStartObject("data");
        writer.WritePropertyName("object");
        StripeEventObjects.Write(writer, told);
        if (told.Previous is { } previous)
        {
            var changed = StripeChanges.Between(StripeExpansion.Parse(inner => StripeEventObjects.Write(inner, previous)), StripeExpansion.Parse(inner => StripeEventObjects.Write(inner, told)));
            writer.WritePropertyName("previous_attributes");
            changed.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteBoolean("livemode", told.IsLive);
        writer.WriteNumber("pending_webhooks", told.Pending);
        writer.WriteStartObject("request");
        writer.WriteNull("id");
        writer.WriteNull("idempotency_key");
        writer.WriteEndObject();
        writer.WriteString("type", told.Kind);
        writer.WriteStartObject("tributary");
        writer.WriteNumber("position", told.Position);
        writer.WriteNumber("sequence", told.Sequence);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The version of the shapes that are sent.</summary>
    public const string ApiVersion = "2026-10-28.endive";
}
