using Tributary.Payments.Errors;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>
/// Errors in the dialect's two forms: one <c>{code, message}</c>, or, for a request whose values are wrong, 422 with a list of <c>{path, message}</c>.
/// </summary>
internal static class GreenfieldErrors
{
    public static GreenfieldAnswer Unauthenticated() =>
        Of(StatusCodes.Status401Unauthorized, "unauthenticated", "Send an API key as 'Authorization: token KEY', or an e-mail address and a password by Basic authentication.");

    public static GreenfieldAnswer TooMany() => Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests. Wait a moment and try again.");

    /// <summary>A live key asks for what belongs to the team.</summary>
    public static GreenfieldAnswer OfTheTeam() =>
        Of(StatusCodes.Status403Forbidden, "users-of-the-team", "Users belong to the server's team and not to live money: ask with a test key, or use the dashboard.");

    /// <summary>The key lacks a permission, or the store is not its user's, or there is no such store: one answer, which tells nobody which.</summary>
    public static GreenfieldAnswer MissingPermission(string? policy) => GreenfieldAnswer.Of(StatusCodes.Status403Forbidden, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("missingPermission", policy ?? "");
        writer.WriteString("code", "missing-permission");
        writer.WriteString("message", $"This needs an API key with the permission \"{policy}\" for this store. Keys are made at /api-keys/authorize and on the dashboard.");
        writer.WriteEndObject();
    });

    /// <summary>There is no such object for this key: "invoice-not-found".</summary>
    public static GreenfieldAnswer Missing(string what) => Of(StatusCodes.Status404NotFound, $"{what}-not-found", $"The {what.Replace('-', ' ')} was not found.");

    public static GreenfieldAnswer UnknownRoute() => Of(StatusCodes.Status404NotFound, "not-found", "There is no such route. GET /api/v1/openapi.json lists those that there are.");

    public static GreenfieldAnswer Of(int status, string code, string message) => GreenfieldAnswer.Of(status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("code", code);
        writer.WriteString("message", message);
        writer.WriteEndObject();
    });

    public static GreenfieldAnswer Validation(IEnumerable<GreenfieldProblem> problems) => GreenfieldAnswer.Of(StatusCodes.Status422UnprocessableEntity, writer =>
    {
        writer.WriteStartArray();
        foreach (var problem in problems)
        {
            writer.WriteStartObject();
            writer.WriteString("path", problem.Path);
            writer.WriteString("message", problem.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>One value is wrong.</summary>
    public static GreenfieldAnswer Validation(string path, string message) => Validation([new GreenfieldProblem(path, message)]);

    /// <summary>What the core refused.</summary>
    /// <param name="error">Its words.</param>
    /// <param name="path">The member of the request that it is about; null where it is about the state of things.</param>
    public static GreenfieldAnswer Of(PaymentError error, string? path = null) => path is not null && error.Kind == PaymentErrorKind.InvalidRequest
        ? Validation(path, error.Message)
        : Of(StatusOf(error.Kind), error.Code.Replace('_', '-'), error.Message);

    private static int StatusOf(PaymentErrorKind kind) => kind switch
    {
        PaymentErrorKind.NotFound => StatusCodes.Status404NotFound,
        PaymentErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        PaymentErrorKind.Conflict => StatusCodes.Status409Conflict,
        PaymentErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
