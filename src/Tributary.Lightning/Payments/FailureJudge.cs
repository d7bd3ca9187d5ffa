using Tributary.Crypto;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>
/// Reads who failed an attempt and how, and what follows (BOLT 4, "Receiving Failure Codes"). Each hop authenticates what it says, yet may lie
/// about the channel after it: so a lesson concerns this payment, and the memory fades.
/// </summary>
internal sealed class FailureJudge(Bytes32 chainHash, LiquidityMemory memory)
{
    internal const sbyte OurChannel = -1;
    internal const sbyte Nobody = -2;

    internal FailureVerdict Judge(PaymentAttempt attempt, RouteConstraints constraints, AttemptOutcome outcome, long nowMilliseconds)
    {
        var route = attempt.Route;
        switch (outcome)
        {
            case AttemptOutcome.Failed failed:
                var secrets = attempt.SharedSecrets ??= AttemptOnion.SharedSecrets(route, attempt.Started.PaymentHash, attempt.Started.SessionKey);
                return ErrorOnion.Read(secrets, failed.Reason.Span) is { } read
                    ? JudgeHop(route, constraints, read, nowMilliseconds)
                    : new FailureVerdict(Nobody, FailureCode.None, AvoidUnknown(route));
            case AttemptOutcome.FailedMalformed malformed:
                return new FailureVerdict(OurChannel, malformed.Code, [new PaymentLesson.AvoidFirstChannel(route.FirstChannel)]);
            default:
                return new FailureVerdict(OurChannel, FailureCode.None, [new PaymentLesson.AvoidFirstChannel(route.FirstChannel)]);
        }
    }

    /// <summary>What passed is remembered for other payments.</summary>
    internal void Settled(Route route, long nowMilliseconds)
    {
        for (var hop = 1; hop < route.Hops.Count; hop++)
            memory.Settled(route.ChannelInto(hop), route.Hops[hop].Amount, nowMilliseconds);
    }

    private FailureVerdict JudgeHop(Route route, RouteConstraints constraints, RouteFailure read, long now)
    {
        var hop = (sbyte)read.Hop;
        var code = read.Failure?.Code ?? FailureCode.None;
        for (var passed = 1; passed <= read.Hop; passed++)
            memory.Passed(route.ChannelInto(passed), route.Hops[passed].Amount, now);
        if (read.Hop == route.Hops.Count - 1)
            return JudgePayee(route, hop, read.Failure);

        var node = new PaymentLesson.AvoidNode(route.Hops[hop].Node);
        if (read.Failure is not { } failure || failure.IsNodeFailure || IsForPayeesOnly(code) || code is FailureCode.ExpiryTooFar or FailureCode.InvalidOnionPayload)
            return new FailureVerdict(hop, code, [node]);

        var channel = route.ChannelInto(read.Hop + 1);
        var amount = route.Hops[read.Hop + 1].Amount;
        var lessons = new List<PaymentLesson>();
        if (failure.IsPolicyViolation && failure.TryGetChannelUpdate(out var update) && IsNews(update, channel, route.Hops[hop].Node, constraints))
            lessons.Add(new PaymentLesson.Policy(channel, ForwardingPolicy.Of(update)));
        if (code == FailureCode.TemporaryChannelFailure)
        {
            memory.Failed(channel, amount, now);
            lessons.Add(new PaymentLesson.Limit(channel, amount));
        }
        else if (lessons.Count == 0 || code == FailureCode.ChannelDisabled)
        {
            lessons.Add(new PaymentLesson.Limit(channel, MilliSatoshis.Zero));
        }

        return new FailureVerdict(hop, code, lessons);
    }

    private static FailureVerdict JudgePayee(Route route, sbyte hop, FailureMessage? failure)
    {
        // Here the hop before may have changed amount or expiry, or the payee may be better off in a moment: another way may help.
        if (failure is { Code: FailureCode.TemporaryNodeFailure or FailureCode.FinalIncorrectCltvExpiry or FailureCode.FinalIncorrectHtlcAmount })
        {
            PaymentLesson lesson = hop == 0
                ? new PaymentLesson.AvoidFirstChannel(route.FirstChannel)
                : new PaymentLesson.Limit(route.ChannelInto(hop), MilliSatoshis.Zero);
            return new FailureVerdict(hop, failure.Code, [lesson]);
        }

        var text = failure switch
        {
            { Code: FailureCode.IncorrectOrUnknownPaymentDetails } when failure.TryGetPaymentDetails(out _, out var height) =>
                $"The payee does not know the payment, or was paid already, or got too little or too late (its best block is {height}).",
            null => "The payee refused the payment in words that cannot be read.",
            _ => $"The payee refused the payment: {failure.Code}.",
        };
        return new FailureVerdict(hop, failure?.Code ?? FailureCode.None, [], IsFinal: true, text);
    }

    // An update counts once, when it is the right node's word on the right channel and says something new (BOLT 4).
    private bool IsNews(ChannelUpdate update, DirectedChannel channel, NodeId node, RouteConstraints constraints) =>
        update.ChainHash == chainHash && update.ShortChannelId == channel.Id && update.Direction == channel.Direction
        && !constraints.Policies.ContainsKey(channel)
        && node.TryGetKey(out var key) && Ecdsa.Verify(key, update.Signature.Span, update.SignedHash().Span);

    // Nobody can tell who failed it. What is between us and the payee's own channel is left alone from now on.
    private static List<PaymentLesson> AvoidUnknown(Route route)
    {
        if (route.Hops.Count == 1)
            return [new PaymentLesson.AvoidFirstChannel(route.FirstChannel)];
        var lessons = new List<PaymentLesson>();
        for (var hop = 1; hop < Math.Max(2, route.Hops.Count - 1); hop++)
            lessons.Add(new PaymentLesson.Limit(route.ChannelInto(hop), MilliSatoshis.Zero));
        return lessons;
    }

    private static bool IsForPayeesOnly(FailureCode code) => code is FailureCode.IncorrectOrUnknownPaymentDetails
        or FailureCode.FinalIncorrectCltvExpiry or FailureCode.FinalIncorrectHtlcAmount or FailureCode.MultiPartTimeout;
}
