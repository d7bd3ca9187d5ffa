using System.Collections.Immutable;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Privacy;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;
using Tributary.Primitives.Results;

namespace Tributary.Server.Risk;

/// <summary>What policies of a server can ask about beside the features, and how a question fills it.</summary>
internal static class RiskSchema
{
    private static readonly string[] s_currencies = ["eur", "usd", "gbp", "chf", "jpy", "btc"];
    private static readonly int[] s_decimals = [2, 2, 2, 2, 0, 8];

    /// <summary>The names of the rails, by the code that the feature "category" has.</summary>
    public static ImmutableArray<string> Rails { get; } = ["lightning", "onchain", "card"];

    public static Result<PolicySchema, Refusal> Create(FeatureSet features)
    {
        List<FactDefinition> facts =
        [
            new("rail_name", PolicyType.Text),
            new("currency", PolicyType.Text),
            new("amount_minor", PolicyType.Integer),
            new("is_live", PolicyType.Truth),
            new("is_authenticated", PolicyType.Truth),
            new("customer", PolicyType.Text, IsPseudonym: true),
            new("card", PolicyType.Text, IsPseudonym: true),
            new("device", PolicyType.Text, IsPseudonym: true),
            new("address", PolicyType.Text, IsPseudonym: true),
        ];
        for (var i = 0; i < s_currencies.Length; i++)
            facts.Add(new FactDefinition("amount_" + s_currencies[i], PolicyType.Amount(s_currencies[i].ToUpperInvariant(), s_decimals[i])));
        ListDefinition[] lists =
        [
            new("blocked_customers", "customer"),
            new("blocked_cards", "card"),
            new("blocked_devices", "device"),
            new("blocked_addresses", "address"),
            new("trusted_customers", "customer"),
        ];
        return PolicySchema.Create(features.Schema, facts, lists);
    }

    /// <summary>The facts of a question, in the order of the schema. An amount stands under its own currency; under the others it is missing.</summary>
    public static FactValue[] Facts(RiskQuestion question, RiskParties parties)
    {
        var amount = question.Amount;
        List<FactValue> facts =
        [
            FactValue.Of(Rails[CodeOf(question.Rail)]),
            FactValue.Of(amount.Currency.Code),
            FactValue.Of(amount.MinorUnits),
            FactValue.Of(question.IsLive),
            FactValue.Of(question.Clues.IsAuthenticated),
            Of(parties.Person),
            Of(parties.Entities[EntityKind.Card]),
            Of(parties.Entities[EntityKind.Device]),
            Of(parties.Entities[EntityKind.Address]),
        ];
        foreach (var currency in s_currencies)
            facts.Add(currency.Equals(amount.Currency.Code, StringComparison.Ordinal) ? FactValue.Of(amount.MinorUnits) : FactValue.Missing);
        return [.. facts];

        static FactValue Of(Pseudonym pseudonym) => pseudonym.IsNone ? FactValue.Missing : FactValue.Of(pseudonym.ToString());
    }

    /// <summary>The code of a rail among <see cref="Rails"/>. Part of stored records: it never changes.</summary>
    public static int CodeOf(RailKind rail) => rail switch
    {
        RailKind.Lightning => 0,
        RailKind.OnChain => 1,
        RailKind.Card => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(rail)),
    };
}
