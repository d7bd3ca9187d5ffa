using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Tests.Policy;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Tests.Journal;

/// <summary>An entry of every kind.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 30, 15, 250, TimeSpan.Zero);

    public static StaffId Anna => StaffId.TryParse("anna@shop.example", out var id) ? id : default;

    public static Bytes32 Hash(byte fill) => new(Enumerable.Repeat(fill, 32).ToArray());

    public static DecisionId Id(int number) => new(UInt128.MaxValue / 7 * (UInt128)(number + 1));

    public static DecisionEntry Decision(int number = 1) => new()
    {
        Id = Id(number),
        At = Time.AddSeconds(number),
        Point = DecisionPoint.Confirm,
        Rail = "lightning",
        Schema = SchemaEntry.HashOf(Shop.Schema),
        Features = [120, 2, 5, float.NaN, 0],
        Facts = [FactValue.Of(12_000L), FactValue.Missing, FactValue.Of(250_000L), FactValue.Of(1L), FactValue.Of("DE"), FactValue.Of("Ö"), FactValue.Of(true), FactValue.Of(12.5), FactValue.Of(Shop.Card)],
        ListsVersion = 7,
        Model = Hash(3),
        Score = 0.25,
        Policy = Hash(4),
        Outcome = new PolicyOutcome(Verdict.Review, 2, -1, 1, 0, Verdict.Block, 3),
        Category = PayerCategory.UnderReview,
        Notes = DecisionNotes.ColdStart | DecisionNotes.MissingFeature,
        BaseValue = -3.5,
        Reasons = [new Contribution(0, 1.5f), new Contribution(3, -0.25f)],
        Shadow = new ShadowDecision(Hash(5), Verdict.Block, 1),
        Challenger = new ChallengerScore(Hash(6), 0.75),
        LatencyMicroseconds = 87,
    };

    public static LabelEntry Label(int decision, bool isBad = true, LabelSource source = LabelSource.Network, double hours = 1, string reference = "r1", bool isConfirmed = true) => new(
        Id(decision), isBad, isBad ? LabelKind.DoubleSpend : LabelKind.AnalystVerdict, source, isConfirmed, Time.AddHours(hours), reference);

    public static IReadOnlyList<JournalEntry> All { get; } =
    [
        new SchemaEntry(Shop.Schema),
        new ModelEntry(Hash(3), "gbdt-2026-03", IsChallenger: false, Anna),
        new PolicySavedEntry(Hash(4), Hash(2), "otherwise allow # für alle", Anna),
        new PolicyBacktestedEntry(Hash(4), 1_000, 900, 12, 1, 20, Anna),
        new PolicyMovedEntry(Hash(4), PolicyState.Live, Anna, "less fraud"),
        Decision(),
        Decision(2) with { Rail = null, Reasons = [], Shadow = null, Challenger = null, Score = double.NaN, Model = default },
        Label(1),
        new ContestOpenedEntry(Id(50), Id(1), Time),
        new ContestAssignedEntry(Id(50), Anna, Time),
        new ContestResolvedEntry(Id(50), Anna, IsOverturned: true, "We were wrong.", Time),
        new RoutingChoiceEntry(new RoutingChoice(9, Time, "de", "shopper", "lightning", [new("lightning", 0.75), new("card", 0.25)], 1e-6)),
        new RoutingOutcomeEntry(9, Succeeded: true, Time),
        new MethodRankingEntry(new MethodRanking(4, Time, "de", Shopper: null, ["card", "lightning"], [new("lightning", 0.25), new("card", 0.75)], 1e-6)),
        new RankingOutcomeEntry(4, "card", Time),
    ];
}
