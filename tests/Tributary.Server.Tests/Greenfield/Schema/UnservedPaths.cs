namespace Tributary.Server.Tests.Greenfield.Schema;

/// <summary>What BTCPay has and this server does not serve; docs/api.md says the same to readers.</summary>
internal static class UnservedPaths
{
    /// <summary>Some of them.</summary>
    /// <param name="Method">The method; "" for all.</param>
    /// <param name="Path">How their paths begin, as BTCPay's documents write them.</param>
    /// <param name="Why">Why.</param>
    internal sealed record Unserved(string Method, string Path, string Why)
    {
        public bool Holds(OpenApiFolder.Operation operation) =>
            (Method.Length == 0 || string.Equals(Method, operation.Method, StringComparison.Ordinal)) && operation.Path.StartsWith(Path, StringComparison.Ordinal);
    }

    private const string Wallet = "the wallet is the operator's and the dashboard's";
    private const string Apps = "no apps: payment links and the demo shop are in their place";
    private const string Subscriptions = "no subscriptions";
    private const string Pictures = "no files are kept";
    private const string Automatic = "the payment core sends what was approved; nothing about it can be configured";
    private const string Mail = "the operator's mail server is chosen at the start";
    private const string Feed = "the dashboard shows what waits; events are at /v1/events and in webhooks";

    public static IReadOnlyList<Unserved> All { get; } =
    [
        new("", "/api/v1/apps", Apps),
        new("", "/api/v1/stores/{storeId}/apps", Apps),
        new("", "/api/v1/payment-requests", "payment links are made on the dashboard"),
        new("", "/api/v1/stores/{storeId}/payment-requests", "payment links are made on the dashboard"),
        new("", "/api/v1/stores/{storeId}/offerings", Subscriptions),
        new("", "/api/v1/plan-checkout", Subscriptions),
        new("", "/api/v1/subscriber-portal", Subscriptions),
        new("", "/api/v1/files", Pictures),
        new("", "/api/v1/stores/{storeId}/logo", Pictures),
        new("", "/api/v1/users/me/picture", Pictures),
        new("", "/api/v1/users/me/notification", Feed),
        new("", "/api/v1/server/email", Mail),
        new("", "/api/v1/stores/{storeId}/email", Mail),
        new("", "/api/v1/stores/{storeId}/payment-methods/{paymentMethodId}/wallet", Wallet),
        new("", "/api/v1/stores/{storeId}/payout-processors/", Automatic),
        new("POST", "/api/v1/users/{idOrEmail}/approve", "users are made by administrators: nobody waits for approval"),
        new("POST", "/api/v1/pull-payments/{pullPaymentId}/boltcards", "no cards are written"),
        new("GET", "/api/v1/server/lightning/{cryptoCode}/histogram", "the dashboard plots"),
        new("GET", "/api/v1/stores/{storeId}/lightning/{cryptoCode}/histogram", "the dashboard plots"),
    ];

    public static string? WhyNot(OpenApiFolder.Operation operation) => All.FirstOrDefault(listed => listed.Holds(operation))?.Why;
}
