using System.Text.Json.Nodes;
using Tributary.Payments.Balances;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>
/// Names beside charges, refunds, payouts and disputes what they did to the balance. The ledger's entries are written after the object is decided
/// on, so the names are looked up when an answer leaves, and are in a repeated answer as they are now.
/// </summary>
internal sealed class StripeBalanceLinks(IDatabase database)
{
    /// <summary>Could an answer hold an object that has such names?</summary>
    public static bool Concerns(string body) =>
        body.Contains("\"balance_transaction\"", StringComparison.Ordinal) || body.Contains("\"balance_transactions\"", StringComparison.Ordinal);

    /// <summary>Fills in the names of all objects below a node that has no event: an event is as it was.</summary>
    public async Task FillAsync(JsonNode root, StripeCall call, CancellationToken cancellationToken)
    {
        var objects = new List<(JsonObject Object, string Kind, string Source)>();
        Collect(root, objects);
        if (objects.Count == 0)
            return;
        var key = call.Request.Key;
        var sources = objects.Select(static found => found.Source).Distinct(StringComparer.Ordinal).ToList();
        var entries = await database.ReadAsync((transaction, token) => BalanceTransactions.OfSourcesAsync(transaction, key.StoreId, key.IsLive, sources, token), cancellationToken);
        var bySource = entries.ToLookup(static entry => entry.Source, static entry => entry.Transaction, StringComparer.Ordinal);
        foreach (var (node, kind, source) in objects)
            Fill(node, kind, [.. bySource[source]]);
    }

    private static void Fill(JsonObject node, string kind, List<BalanceTransaction> entries)
    {
        switch (kind)
        {
            case "charge":
                node["balance_transaction"] = entries.Find(static entry => entry.Kind == BalanceKind.Charge)?.Id;
                break;
            case "dispute":
                node["balance_transactions"] = new JsonArray([.. entries.Select(static entry => StripeExpansion.Parse(writer => StripeBalances.Write(writer, entry)))]);
                break;
            default:
                node["balance_transaction"] = entries.Find(static entry => entry.Kind is BalanceKind.Refund or BalanceKind.Payout)?.Id;
                if (entries.Find(static entry => entry.Kind is BalanceKind.RefundFailure or BalanceKind.PayoutFailure) is { } failure)
                    node["failure_balance_transaction"] = failure.Id;
                break;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonObject Object, string Kind, string Source)> objects)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                    Collect(item, objects);
                break;
            case JsonObject members:
                var kind = members["object"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : "";
                if (kind is "event")
                    return;
                if (kind is "charge" or "refund" or "payout" or "dispute" && members["id"] is JsonValue id)
                    objects.Add((members, kind, StripeCharges.IntentIdOf(id.GetValue<string>())));
                foreach (var (_, member) in members)
                    Collect(member, objects);
                break;
        }
    }
}
