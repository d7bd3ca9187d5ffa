using System.Collections.Frozen;
using System.Text.Json;
using Tributary.Payments.Access;
using Tributary.Payments.Customers;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;

namespace Tributary.Server.Stripe;

/// <summary>The core's errors in Stripe's form.</summary>
internal static class StripeErrors
{
    public static StripeAnswer Of(PaymentError error) => Write(StatusOf(error), TypeOf(error), error, null);

    /// <summary>A payment that the rail declined: the intent goes with it.</summary>
    public static StripeAnswer Declined(PaymentFile file, string? origin) =>
        Write(StatusCodes.Status402PaymentRequired, "card_error", file.Intent.LastError!, writer => Payment(writer, file, origin));

    /// <summary>A card that was refused when it was to be kept: the setup intent goes with it.</summary>
    public static StripeAnswer SetupDeclined(SetupIntent setup) => Write(
        StatusCodes.Status402PaymentRequired,
        "card_error",
        setup.LastError!,
        writer =>
        {
            writer.WritePropertyName("setup_intent");
            StripeSetups.Write(writer, setup);
        });

    public static StripeAnswer NoKey() => Write(
        StatusCodes.Status401Unauthorized,
        "invalid_request_error",
        PaymentError.Invalid("", null, "You did not provide an API key. Send it as a bearer token (Authorization: Bearer YOUR_SECRET_KEY), or as the user name of basic authentication."),
        null);

    public static StripeAnswer WrongKey() => Write(
        StatusCodes.Status401Unauthorized, "invalid_request_error", PaymentError.Invalid("", null, "Invalid API Key provided."), null);

    public static StripeAnswer NotAllowed(KeyResource resource, KeyAccess access) => Write(
        StatusCodes.Status403Forbidden,
        "invalid_request_error",
        PaymentError.Invalid(
            "more_permissions_required",
            null,
            $"The provided key does not have the required permissions for this endpoint. Having '{KeyHandlers.WordOf(resource)}' {(access == KeyAccess.Write ? "write" : "read")} would allow this request to continue."),
        null);

    public static StripeAnswer TooMany() => Write(
        StatusCodes.Status429TooManyRequests,
        "invalid_request_error",
        PaymentError.Invalid("rate_limit", null, "Request rate limit exceeded. Wait a moment and try again."),
        null);

    public static StripeAnswer Running() => Write(
        StatusCodes.Status409Conflict,
        "idempotency_error",
        PaymentError.Invalid("idempotency_key_in_use", null, "There is currently another in-progress request using this idempotency key. Try again later."),
        null);

    public static StripeAnswer Mismatch() => Write(
        StatusCodes.Status400BadRequest,
        "idempotency_error",
        PaymentError.Invalid("", null, "Keys for idempotent requests can only be used with the same parameters they were first used with. Use another key for another request."),
        null);

    public static StripeAnswer WrongIdempotencyKey(int lengthMax) => Write(
        StatusCodes.Status400BadRequest,
        "idempotency_error",
        PaymentError.Invalid("", null, $"An idempotency key has at most {lengthMax} printable ASCII characters."),
        null);

    public static StripeAnswer UnknownRoute(string method, string path) => Write(
        StatusCodes.Status404NotFound,
        "invalid_request_error",
        PaymentError.Invalid("", null, $"Unrecognized request URL ({method}: {path})."),
        null);

    private static void Payment(Utf8JsonWriter writer, PaymentFile file, string? origin)
    {
        if (StripeCharges.IsOne(file))
            writer.WriteString("charge", file.Intent.ChargeId);
        writer.WritePropertyName("payment_intent");
        StripeIntents.Write(writer, file, origin);
        if (file.Attempts.LastOrDefault(static attempt => attempt.Status == AttemptStatus.Failed) is { } failed)
        {
            writer.WritePropertyName("payment_method");
            StripePaymentMethods.Write(writer, failed, file.Intent.IsLive);
            writer.WriteString("payment_method_type", StripeWords.Of(failed.Rail));
        }
    }

    private static StripeAnswer Write(int status, string type, PaymentError error, Action<Utf8JsonWriter>? with) => StripeAnswer.Of(
        status,
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            if (error.Code.Length > 0)
                writer.WriteString("code", error.Code);
            if (error.DeclineCode is not null)
                writer.WriteString("decline_code", error.DeclineCode);
            if (s_documented.Contains(error.Code))
                writer.WriteString("doc_url", "https://docs.stripe.com/error-codes#" + error.Code.Replace('_', '-'));
            writer.WriteString("message", error.Message);
            if (error.Parameter is not null)
                writer.WriteString("param", error.Parameter);
            with?.Invoke(writer);
            writer.WriteString("type", type);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    // The codes that Stripe's own documentation explains; the others are ours and say in their message what to do.
    private static readonly FrozenSet<string> s_documented = FrozenSet.ToFrozenSet(
        [
            "amount_too_large", "authentication_required", "balance_insufficient", "card_declined", "charge_already_refunded", "charge_disputed", "expired_card", "idempotency_key_in_use",
            "incorrect_cvc", "incorrect_number", "insufficient_funds", "parameter_invalid_empty", "parameter_invalid_integer", "parameter_missing", "parameter_unknown",
            "payment_intent_unexpected_state", "payment_method_not_available", "payment_method_provider_decline", "processing_error", "rate_limit", "resource_missing", "url_invalid",
        ],
        StringComparer.Ordinal);

    private static int StatusOf(PaymentError error) => error.Kind switch
    {
        PaymentErrorKind.NotFound => StatusCodes.Status404NotFound,
        PaymentErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        PaymentErrorKind.Conflict => StatusCodes.Status409Conflict,
        PaymentErrorKind.Declined => StatusCodes.Status402PaymentRequired,
        PaymentErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    private static string TypeOf(PaymentError error) => error.Kind switch
    {
        PaymentErrorKind.Declined => "card_error",
        PaymentErrorKind.Unavailable => "api_error",
        _ => "invalid_request_error",
    };
}
