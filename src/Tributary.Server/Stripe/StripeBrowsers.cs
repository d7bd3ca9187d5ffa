using System.Text.Json.Nodes;

namespace Tributary.Server.Stripe;

/// <summary>What a shopper's browser may see of a payment intent: nothing that the merchant keeps for itself.</summary>
internal static class StripeBrowsers
{
    private static readonly string[] s_hidden = ["customer", "latest_charge", "metadata", "review", "tributary"];

    public static StripeAnswer Reduce(StripeAnswer answer)
    {
        if (JsonNode.Parse(answer.Body) is not JsonObject root)
            return answer;
        var intent = root["error"]?["payment_intent"] as JsonObject ?? root;
        foreach (var name in s_hidden)
            intent.Remove(name);
        return answer with { Body = root.ToJsonString() };
    }
}
