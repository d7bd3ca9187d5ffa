using Tributary.Intelligence.Data;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Policy;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Decisions;

/// <summary>A model whose score is the amount divided by a thousand, and which can fail or take its time.</summary>
internal sealed class StandInModel(FeatureSchema schema, StandInClock? clock = null) : IModel, IExplainer
{
    public FeatureSchema Schema => schema;

    public Func<double>? Instead { get; set; }

    public TimeSpan ScoreTakes { get; set; }

    public TimeSpan ExplainTakes { get; set; }

    public bool ExplainerFails { get; set; }

    public double Score(ReadOnlySpan<float> row)
    {
        clock?.Advance(ScoreTakes);
        return Instead is not null ? Instead() : Math.Clamp(row[0] / 1_000, 0, 1);
    }

    public double Explain(ReadOnlySpan<float> row, Span<double> contributions)
    {
        clock?.Advance(ExplainTakes);
        if (ExplainerFails)
            throw new InvalidOperationException("The explainer is broken.");
        contributions.Clear();
        contributions[0] = row[0] / 100;
        contributions[1] = -0.5;
        contributions[2] = 0.25;
        return -3;
    }
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class StandInClock : TimeProvider
{
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time) => _elapsed += time;

    public override DateTimeOffset GetUtcNow() => Samples.Time + _elapsed;

    public override long GetTimestamp() => _elapsed.Ticks;
}

internal sealed class Outcomes(int count) : IConfirmedOutcomes
{
    public int ConfirmedBadOutcomes { get; set; } = count;
}

/// <summary>An engine over <see cref="Shop"/> with everything within reach.</summary>
internal sealed class Bench
{
    public Bench(string policy, int badOutcomes = 200, string? shadow = null, bool withModel = true, bool withChallenger = false)
    {
        Model = new StandInModel(Shop.Schema.Features, Clock);
        Challenger = new StandInModel(Shop.Schema.Features, Clock);
        Outcomes = new Outcomes(badOutcomes);
        Parts = new DecisionParts(Shop.Compile(policy), Shop.Lists, Outcomes, ProtectedAttributes.Usual)
        {
            Model = withModel ? new ModelInUse(Model, Samples.Hash(1), "stand-in", Model) : null,
            Challenger = withChallenger ? new ModelInUse(Challenger, Samples.Hash(2), "challenger", Explainer: null) : null,
            ShadowPolicy = shadow is null ? null : Shop.Compile(shadow),
        };
        Engine = new DecisionEngine(DecisionSetup.Create(Parts).Value, Clock, new Xoshiro256(1));
    }

    public StandInClock Clock { get; } = new();

    public StandInModel Model { get; }

    public StandInModel Challenger { get; }

    public Outcomes Outcomes { get; }

    public DecisionParts Parts { get; }

    public DecisionEngine Engine { get; }

    public Shop Payment { get; } = new();

    public DecisionRequest Request(DecisionPoint point = DecisionPoint.Checkout, bool withReasons = false, long? started = null) => new()
    {
        Point = point,
        Features = Payment.Features,
        Facts = Payment.Facts,
        Rail = "lightning",
        StartedTimestamp = started,
        WithReasons = withReasons,
    };

    public AnalystDecision Decide(DecisionPoint point = DecisionPoint.Checkout, bool withReasons = false, long? started = null) =>
        Engine.Decide(Request(point, withReasons, started)).Value;

    public Bench With(string fact, FactValue value)
    {
        Payment.With(fact, value);
        return this;
    }

    public Bench WithFeature(string feature, float value)
    {
        Payment.WithFeature(feature, value);
        return this;
    }
}
