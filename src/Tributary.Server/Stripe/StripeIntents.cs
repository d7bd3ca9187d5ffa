using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Intents;

namespace Tributary.Server.Stripe;

/// <summary>A payment intent in Stripe's form. Amounts in <c>btc</c> are whole satoshis; millisatoshis stand in texts.</summary>
internal static class StripeIntents
{
    /// <summary>An intent as the answer of a request.</summary>
    public static StripeAnswer Answer(PaymentFile file, string? origin) => StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, file, origin));

    /// <param name="writer">Where to.</param>
    /// <param name="file">The intent.</param>
    /// <param name="origin">How the asker names this server, for links; null in events, which carry paths.</param>
    public static void Write(Utf8JsonWriter writer, PaymentFile file, string? origin)
    {
        var intent = file.Intent;
        writer.WriteStartObject();
        writer.WriteString("id", intent.Id);
        writer.WriteString("object", "payment_intent");
        writer.WriteNumber("amount", intent.Amount.MinorUnits);
        writer.WriteNumber("amount_capturable", intent.AmountCapturable.MinorUnits);
        writer.WriteNumber("amount_received", intent.AmountReceived.MinorUnits);
        writer.WriteNull("application");
        writer.WriteNull("application_fee_amount");
        writer.WriteNull("automatic_payment_methods");
        writer.Time("canceled_at", intent.CanceledAt);
        writer.Text("cancellation_reason", intent.CancellationReason is { } reason ? IntentWords.Of(reason) : null);
        writer.WriteString("capture_method", intent.CaptureMethod == CaptureMethod.Manual ? "manual" : "automatic");
        writer.WriteString("client_secret", intent.ClientSecret);
        writer.WriteString("confirmation_method", "automatic");
        writer.WriteNumber("created", intent.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("currency", intent.Amount.Currency.Code);
        writer.Text("customer", intent.CustomerId);
        writer.Text("description", intent.Description);
        Error(writer, intent);
        writer.Text("latest_charge", StripeCharges.IsOne(file) ? intent.ChargeId : null);
        writer.WriteBoolean("livemode", intent.IsLive);
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in intent.Metadata)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        NextAction(writer, file, origin);
        writer.WriteNull("on_behalf_of");
        writer.Text("payment_method", file.FindAttempt(intent.LatestAttemptId ?? "") is { Status: not AttemptStatus.Failed } latest ? StripePaymentMethods.IdOf(latest) : null);
        writer.WriteStartObject("payment_method_options");
        writer.WriteEndObject();
        writer.WriteStartArray("payment_method_types");
        foreach (var rail in intent.Rails)
            writer.WriteStringValue(StripeWords.Of(rail));
        writer.WriteEndArray();
        foreach (var name in s_absent)
            writer.WriteNull(name);
        writer.Text("receipt_email", intent.ReceiptEmail);
        writer.Text("setup_future_usage", intent.SetupFutureUsage);
        Shipping(writer, intent.Shipping);
        writer.Text("statement_descriptor", intent.StatementDescriptor);
        writer.Text("review", intent.ReviewId);
        writer.WriteString("status", IntentWords.Of(intent.Status));
        Extension(writer, file);
        writer.WriteEndObject();
    }

    private static readonly string[] s_absent =
    [
        "allowed_payment_method_types", "customer_account", "excluded_payment_method_types", "managed_payments", "payment_method_configuration_details", "payment_record",
        "processing", "source", "statement_descriptor_suffix", "transfer_data", "transfer_group",
    ];

    private static void Error(Utf8JsonWriter writer, PaymentIntent intent)
    {
        if (intent.LastError is not { } error)
        {
            writer.WriteNull("last_payment_error");
            return;
        }

        writer.WriteStartObject("last_payment_error");
        writer.WriteString("code", error.Code);
        if (error.DeclineCode is not null)
            writer.WriteString("decline_code", error.DeclineCode);
        writer.WriteString("message", error.Message);
        writer.WriteString("type", "card_error");
        writer.WriteEndObject();
    }

    private static void NextAction(Utf8JsonWriter writer, PaymentFile file, string? origin)
    {
        var open = file.Attempts.Where(static attempt => attempt is { Status: AttemptStatus.Open, Instruction: not null }).ToList();
        if (file.Intent.Status != IntentStatus.RequiresAction || (open.Count == 0 && file.AwaitingPayer is null))
        {
            writer.WriteNull("next_action");
            return;
        }

        var page = $"{origin}/pay/{file.Intent.Id}";
        var secret = $"?client_secret={file.Intent.ClientSecret}";
        writer.WriteStartObject("next_action");
        if (file.AwaitingPayer is { } awaiting)
        {
            writer.WriteString("type", "redirect_to_url");
            writer.WriteStartObject("redirect_to_url");
            writer.Text("return_url", awaiting.ReturnUrl);
            writer.WriteString("url", page + "/authenticate" + secret);
            writer.WriteEndObject();
            writer.WriteEndObject();
            return;
        }

        writer.WriteString("type", "display_bitcoin_instructions");
        writer.WriteStartObject("display_bitcoin_instructions");
        writer.WriteString("hosted_instructions_url", page + secret);
        foreach (var rail in open.GroupBy(static attempt => attempt.Rail))
        {
            var attempt = rail.Last();
            writer.WriteStartObject(StripeWords.Of(attempt.Rail));
            writer.WriteString(attempt.Rail == RailKind.Lightning ? "invoice" : "address", attempt.Instruction);
            writer.WriteString("amount_msat", attempt.Due.ToString(CultureInfo.InvariantCulture));
            writer.WriteNumber("expires_at", attempt.ExpiresAt.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // What Stripe has no word for, under a name of our own.
    private static void Extension(Utf8JsonWriter writer, PaymentFile file)
    {
        var intent = file.Intent;
        writer.WriteStartObject("tributary");
        writer.WriteNumber("amount_remaining", file.Rest.MinorUnits);
        if (intent.IsTopUp)
            writer.WriteBoolean("is_top_up", true);
        writer.Time("capture_before", intent.CaptureBefore);
        writer.WriteNumber("expires_at", intent.ExpiresAt.ToUnixTimeSeconds());
        if (intent.LatestAttemptId is { } latest && file.FindAttempt(latest) is { Risk: not null } attempt)
        {
            writer.WritePropertyName("outcome");
            StripeOutcome.Write(writer, attempt);
        }

        writer.WriteNumber("version", intent.Version);
        writer.WriteEndObject();
    }

    /// <summary>Where goods go.</summary>
    public static void Shipping(Utf8JsonWriter writer, ImmutableSortedDictionary<string, string>? known)
    {
        if (known is not { IsEmpty: false } shipping)
        {
            writer.WriteNull("shipping");
            return;
        }

        writer.WriteStartObject("shipping");
        writer.Address("address", shipping, "address.");
        foreach (var name in s_shipping)
            writer.Text(name, shipping.GetValueOrDefault(name));
        writer.WriteEndObject();
    }

    private static readonly string[] s_shipping = ["carrier", "name", "phone", "tracking_number"];
}
