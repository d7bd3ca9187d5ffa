namespace Tributary.Payments.Errors;

/// <summary>Why a request changed nothing.</summary>
/// <param name="Kind">Whose turn it is.</param>
/// <param name="Code">A stable word for programs, in Stripe's terms where it has one ("payment_intent_unexpected_state").</param>
/// <param name="Parameter">The parameter at fault, in the core's names; null where there is none.</param>
/// <param name="Message">For a person: what is wrong and what to do. No secrets.</param>
public sealed record PaymentError(PaymentErrorKind Kind, string Code, string? Parameter, string Message)
{
    /// <summary>For a declined payment method, the processor's word ("insufficient_funds").</summary>
    public string? DeclineCode { get; init; }

    public static PaymentError Invalid(string code, string? parameter, string message) => new(PaymentErrorKind.InvalidRequest, code, parameter, message);

    public static PaymentError Missing(string what, string id) => new(PaymentErrorKind.NotFound, "resource_missing", "id", $"No such {what}: '{id}'.");

    public static PaymentError Unavailable(string code, string? parameter, string message) => new(PaymentErrorKind.Unavailable, code, parameter, message);

    /// <summary>The object's state does not allow what was asked.</summary>
    public static PaymentError UnexpectedState(string code, string message) => new(PaymentErrorKind.InvalidRequest, code, null, message);
}
