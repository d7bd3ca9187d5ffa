using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;

namespace Tributary.Intelligence.Tests.Policy;

/// <summary>A schema of every kind of attribute, and the facts of one payment.</summary>
internal sealed class Shop
{
    public const string Card = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string OtherCard = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    public static PolicySchema Schema { get; } = PolicySchema.Create(
        new FeatureSchema(
            ["amount", "card_count_1h", "card_count_24h", "card_sum_24h", "device"],
            [FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Categorical]),
        [
            new FactDefinition("amount_eur", PolicyType.Amount("EUR", 2)),
            new FactDefinition("limit_eur", PolicyType.Amount("EUR", 2)),
            new FactDefinition("amount_btc", PolicyType.Amount("BTC", 8)),
            new FactDefinition("attempts", PolicyType.Integer),
            new FactDefinition("country", PolicyType.Text),
            new FactDefinition("ip_country", PolicyType.Text),
            new FactDefinition("is_guest", PolicyType.Truth),
            new FactDefinition("speed_kmh", PolicyType.Number),
            new FactDefinition("card", PolicyType.Text, IsPseudonym: true),
        ],
        [new ListDefinition("trusted", "card"), new ListDefinition("blocked_countries", "ip_country")],
        [
            new VelocityDefinition("count", Of: null, "card", TimeSpan.FromHours(1), "card_count_1h"),
            new VelocityDefinition("count", Of: null, "card", TimeSpan.FromDays(1), "card_count_24h"),
            new VelocityDefinition("sum", "amount", "card", TimeSpan.FromDays(1), "card_sum_24h"),
        ],
        ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("device", ["phone", "desktop", "terminal"])).Value;

    public static PolicyLists Lists { get; } = PolicyLists.Create(
        Schema,
        version: 7,
        new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal) { ["trusted"] = [Card], ["blocked_countries"] = ["KP", "IR"] }).Value;

    public float[] Features { get; } = [120, 2, 5, 340, 0];

    public FactValue[] Facts { get; } =
    [
        FactValue.Of(12_000L), FactValue.Of(50_000L), FactValue.Of(250_000L), FactValue.Of(1L), FactValue.Of("DE"), FactValue.Of("DE"), FactValue.Of(false),
        FactValue.Of(12.5), FactValue.Of(OtherCard),
    ];

    public double Score { get; set; } = 0.25;

    public Shop With(string name, FactValue value)
    {
        Facts[Schema.Find(name)!.Index] = value;
        return this;
    }

    public Shop WithFeature(string name, float value)
    {
        Features[Schema.Features.IndexOf(name)] = value;
        return this;
    }

    public Shop WithScore(double score)
    {
        Score = score;
        return this;
    }

    public PolicyOutcome Decide(CompiledPolicy policy, DecisionPoint point = DecisionPoint.Checkout, bool modelMayDecide = true) =>
        policy.Evaluate(point, new PolicyFacts(Features, Facts, Score, Lists), modelMayDecide);

    /// <summary>True where the condition fires.</summary>
    public bool Fires(string condition) => Decide(Compile($"block if {condition}")).Verdict == Verdict.Block;

    public static CompiledPolicy Compile(string text)
    {
        var result = PolicyCompiler.Compile(text, Schema);
        return result.TryGet(out var policy, out var errors) ? policy : throw new InvalidOperationException(errors.ToString());
    }

    public static ImmutableArray<PolicyDiagnostic> Errors(string text)
    {
        var result = PolicyCompiler.Compile(text, Schema);
        Assert.False(result.IsOk, $"compiled: {text}");
        Assert.Contains(result.Error.Diagnostics, static diagnostic => diagnostic.IsError);
        return result.Error.Diagnostics;
    }
}
