using System.Collections.Immutable;
using Tributary.Intelligence.Ranking.Beliefs;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Ranking;

/// <summary>
/// Chooses the rail or processor for a payment by what it is likely to yield, learns from outcomes, leaves a rail that fails
/// within a few failures and returns by probing. Safe to call from many threads.
/// </summary>
/// <param name="settings">The constants.</param>
/// <param name="time">The clock.</param>
/// <param name="entropy">The draws; a seeded source replays the choices.</param>
public sealed class RailRouter(BanditSettings settings, TimeProvider time, IEntropy entropy)
{
    private readonly Lock _lock = new();
    private readonly ThompsonSampler _sampler = new(settings, entropy);

    /// <summary>
    /// Chooses among the rails offered. Refused: no offer or too many, a name twice or without text, an offer that is worth
    /// nothing on success or has a negative cost.
    /// </summary>
    /// <param name="segment">What payments of this kind have in common, such as country and method.</param>
    /// <param name="offers">The rails that can carry the payment.</param>
    /// <param name="shopper">The shopper's pseudonym where their own history should count.</param>
    public Result<RoutingChoice, Refusal> Choose(string segment, IReadOnlyList<RailOffer> offers, string? shopper = null)
    {
        for (var i = 0; i < offers.Count; i++)
        {
            if (offers[i].NetOnSuccess.Value <= 0)
                return new Refusal($"offers[{i}].net_on_success", "A rail that leaves nothing on success cannot be ranked: leave it out.");
            if (offers[i].CostOfAttempt.Value < 0)
                return new Refusal($"offers[{i}].cost_of_attempt", "A cost is zero or more.");
        }

        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (!_sampler.Resolve(segment, shopper, [.. offers.Select(offer => offer.Rail)]).TryGet(out var arms, out var refusal))
                return refusal;

            _sampler.Advance(now, choices: 1);
            var utilities = new ArmUtility[arms.Length];
            for (var i = 0; i < arms.Length; i++)
                utilities[i] = new ArmUtility(offers[i].NetOnSuccess.Value, offers[i].CostOfAttempt.Value);
            Span<double> drawn = stackalloc double[arms.Length];
            Span<double> probabilities = stackalloc double[arms.Length];
            var error = _sampler.Draw(segment, shopper, arms, utilities, drawn, probabilities);
            var best = 0;
            for (var i = 1; i < drawn.Length; i++)
                best = drawn[i] > drawn[best] ? i : best;

            var propensities = ImmutableArray.CreateBuilder<Propensity>(arms.Length);
            for (var i = 0; i < arms.Length; i++)
                propensities.Add(new Propensity(offers[i].Rail, probabilities[i]));
            return new RoutingChoice(_sampler.Pending.Open(), now, segment, shopper, offers[best].Rail, propensities.MoveToImmutable(), error);
        }
    }

    /// <summary>
    /// Learns whether the payment went through. False, and nothing learned, for an outcome that was reported before or whose choice is
    /// older than <see cref="BanditSettings.MaxPending"/> choices.
    /// </summary>
    public bool Report(RoutingChoice choice, bool succeeded) => Report(choice, succeeded, time.GetUtcNow());

    /// <summary>Makes a choice from the journal again, without drawing: with <see cref="RestoreOutcome"/> in the order of the journal this rebuilds what the router knew.</summary>
    public void RestoreChoice(RoutingChoice choice)
    {
        lock (_lock)
        {
            _sampler.Replay(choice.At, choice.Sequence, choice.Segment, choice.Shopper, choice.Propensities.Select(propensity => propensity.Option));
        }
    }

    /// <summary>Learns an outcome from the journal.</summary>
    public bool RestoreOutcome(RoutingChoice choice, bool succeeded, DateTimeOffset at) => Report(choice, succeeded, at);

    /// <summary>What is believed of each rail seen so far.</summary>
    public IReadOnlyList<RailHealth> Health()
    {
        lock (_lock)
            return [.. _sampler.Health().Select(arm => new RailHealth(arm.Arm, arm.Availability))];
    }

    private bool Report(RoutingChoice choice, bool succeeded, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_sampler.Pending.TryClose(choice.Sequence))
                return false;
            _sampler.Advance(at, choices: 0);
            _sampler.Learn(choice.Rail, choice.Segment, choice.Shopper, succeeded);
            return true;
        }
    }
}
