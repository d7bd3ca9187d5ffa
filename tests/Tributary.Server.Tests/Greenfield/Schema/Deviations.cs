namespace Tributary.Server.Tests.Greenfield.Schema;

/// <summary>Where our answers differ from BTCPay's documents on purpose; docs/api.md says the same to readers.</summary>
internal static class Deviations
{
    /// <summary>One of them.</summary>
    /// <param name="Operation">How the names of the operations end that it holds for; "" for all.</param>
    /// <param name="Path">How the path of the member ends.</param>
    /// <param name="What">How it differs.</param>
    /// <param name="Why">Why.</param>
    internal sealed record Deviation(string Operation, string Path, string What, string Why);

    private const string Null = "is null";
    private const string Absent = "is absent";
    private const string Sent = "BTCPay itself sends this, and its libraries read it, whatever its document says";

    public static IReadOnlyList<Deviation> All { get; } =
    [
        new("", ".BOLT11Expiration", "is of type Number, not string", Sent),
        new("", "$.spread", "is of type Number, not string", Sent),
        new("", ".paymentMethodCriteria", "is of type Array, not object", Sent),
        new("", ".defaultPaymentMethod", Null, "a store without a choice has none; " + Sent),
        new("/payment-methods", "[].config", Null, "without includeConfig; " + Sent),
        new("/payment-methods/{paymentMethodId}", "$.config", Null, "without includeConfig; " + Sent),
        new("/invoices", "[].paymentMethods", Absent, "without includePaymentMethods"),
        new("", ".metadata.posData", Absent, "the merchant's own data, as it was sent"),
        new("", ".metadata.source", Absent, "the merchant's own data, as it was sent"),
        new("", ".metadata.sourceLink", Absent, "the merchant's own data, as it was sent"),
        new("", ".paymentProof", Null, "nothing was paid yet; " + Sent),
        new("", ".pullPaymentId", Null, "a payout that is no claim; " + Sent),
        new("/server/info", "$.onion", Absent, "there is no address in Tor's network, and libraries expect a text where there is a member"),
        new("", ".amountReceived", Null, "nothing came yet; " + Sent),
        new("", "].BOLT11", Null, "invoices of stores in the node's own list: the payment core keeps their texts"),
        new("", ".rate", Null, "errors says why; " + Sent),
        new("/roles", "$", "is of type Array, not object", "a list; " + Sent),
        new("", ".errorMessage", Null, "a delivery that arrived; " + Sent),
        new("POST /api/v1/invoices/{invoiceId}/refund", "$", "is of type Object, not array", "a state that allows no refund is one error with a code; " + Sent),
    ];

    public static bool Allows(string operation, SchemaCheck.Difference difference) => All.Any(known =>
        operation.EndsWith(known.Operation, StringComparison.Ordinal)
        && difference.Path.EndsWith(known.Path, StringComparison.Ordinal)
        && string.Equals(difference.What, known.What, StringComparison.Ordinal));
}
