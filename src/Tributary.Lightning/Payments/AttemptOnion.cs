using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Lightning.Routing;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Payments;

/// <summary>The onion of an attempt: what each node on the way is told.</summary>
internal static class AttemptOnion
{
    // Amount, expiry and channel with their types and lengths, the payload's length and the HMAC.
    private const int ForwardFrameMax = 1 + 10 + 6 + 10 + 32;
    private const int PayloadsLength = 1300;

    /// <summary>How many nodes fit into an onion beside what the payee is told; zero when not even that fits.</summary>
    internal static int HopsThatFit(PaymentOrder order)
    {
        var final = order.FinalPayload(uint.MaxValue).ToArray().Length;
        var left = PayloadsLength - (final < 0xfd ? 1 : 3) - final - 32;
        return left < 0 ? 0 : Math.Min(RouteQuery.HopsLimit, 1 + (left / ForwardFrameMax));
    }

    /// <summary>Builds it; refuses a node id that is no point.</summary>
    internal static Result<BuiltOnion, Refusal> Build(PaymentOrder order, Route route, uint height, Bytes32 sessionKey)
    {
        var payloads = new ReadOnlyMemory<byte>[route.Hops.Count];
        for (var i = 0; i < payloads.Length - 1; i++)
        {
            var next = route.Hops[i + 1];
            payloads[i] = HopPayload.Forwarding(next.Amount, checked(height + next.CltvDelta), next.Channel).ToArray();
        }

        payloads[^1] = order.FinalPayload(checked(height + route.Hops[^1].CltvDelta)).ToArray();
        return Build(route, payloads, order.PaymentHash, sessionKey);
    }

    /// <summary>The secrets that errors come back under; they depend on session key and nodes alone.</summary>
    internal static IReadOnlyList<Bytes32> SharedSecrets(Route route, Bytes32 paymentHash, Bytes32 sessionKey)
    {
        var payloads = new ReadOnlyMemory<byte>[route.Hops.Count];
        Array.Fill(payloads, new byte[2]);
        return Build(route, payloads, paymentHash, sessionKey).TryGet(out var onion) ? onion.SharedSecrets : [];
    }

    private static Result<BuiltOnion, Refusal> Build(Route route, ReadOnlyMemory<byte>[] payloads, Bytes32 paymentHash, Bytes32 sessionKey)
    {
        var hops = new OnionHop[route.Hops.Count];
        for (var i = 0; i < hops.Length; i++)
        {
            if (!route.Hops[i].Node.TryGetKey(out var key))
                return new Refusal("node", "on the way is no point of secp256k1");
            hops[i] = new OnionHop(key, payloads[i]);
        }

        if (!SecretKey.TryCreate(sessionKey.Span, out var session))
            return new Refusal("session_key", "is no key");
        using (session)
            return OnionBuilder.Build(session, hops, paymentHash.Span);
    }
}
