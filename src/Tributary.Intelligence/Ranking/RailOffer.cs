using Tributary.Primitives.Amounts;

namespace Tributary.Intelligence.Ranking;

/// <summary>A rail that can carry the payment, and what it is worth: <c>P(success) × NetOnSuccess − CostOfAttempt</c>.</summary>
/// <param name="Rail">The rail's or processor's name.</param>
/// <param name="NetOnSuccess">What is left of the payment after the rail's fee and the cost of its liquidity; above zero.</param>
/// <param name="CostOfAttempt">What is lost with each attempt, successful or not; zero or more.</param>
public readonly record struct RailOffer(string Rail, MilliSatoshis NetOnSuccess, MilliSatoshis CostOfAttempt)
{
    /// <summary>A rail of which only the success matters.</summary>
    public static RailOffer Named(string rail) => new(rail, new MilliSatoshis(1), MilliSatoshis.Zero);
}
