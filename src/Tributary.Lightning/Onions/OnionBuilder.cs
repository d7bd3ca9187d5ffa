using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Onions;

/// <summary>Wraps payloads in layers, one for each hop (BOLT 4, "Packet Construction").</summary>
public static class OnionBuilder
{
    /// <summary>Hops that an HTLC's onion may have: more than fit with useful payloads.</summary>
    public const int HopsMax = 27;

    /// <summary>Builds an onion. A session key is used once: it comes fresh from entropy for every onion, or two onions can be linked.</summary>
    /// <param name="sessionKey">Stays the caller's.</param>
    /// <param name="hops">First hop first.</param>
    /// <param name="associatedData">What every layer commits to: the payment hash, or nothing for messages.</param>
    /// <param name="payloadsLength">Room for all payloads: 1,300 bytes for an HTLC.</param>
    /// <returns>The onion, or a refusal when the payloads need more room or a node id cancels out.</returns>
    public static Result<BuiltOnion, Refusal> Build(
        SecretKey sessionKey, ReadOnlySpan<OnionHop> hops, ReadOnlySpan<byte> associatedData, int payloadsLength = OnionPacket.PaymentPayloadsLength)
    {
        if (hops.Length is 0 or > HopsMax && payloadsLength == OnionPacket.PaymentPayloadsLength)
            return new Refusal("hops", $"takes 1 to {HopsMax} hops");
        var total = 0;
        foreach (var hop in hops)
        {
            if (hop.Payload.Length < 2)
                return new Refusal("payload", "takes at least two bytes: shorter ones meant other formats");
            total += FrameLength(hop);
        }

        if (hops.IsEmpty || total > payloadsLength)
            return new Refusal("hops", $"have payloads of {total} bytes where {payloadsLength} fit");
        if (!TryShareSecrets(sessionKey, hops, out var secrets))
            return new Refusal("hops", "have a node id that no secret can be shared with");
        return new BuiltOnion(Wrap(sessionKey, hops, secrets, associatedData, payloadsLength), secrets);
    }

    private static byte[] Wrap(
        SecretKey sessionKey, ReadOnlySpan<OnionHop> hops, Bytes32[] secrets, ReadOnlySpan<byte> associatedData, int payloadsLength)
    {
        var packet = new byte[OnionPacket.Overhead + payloadsLength];
        packet[0] = OnionPacket.Version;
        sessionKey.PublicKey.WriteCompressed(packet.AsSpan(1));

        // Payloads and associated data lie together for the HMAC.
        var work = new byte[payloadsLength + associatedData.Length];
        var payloads = work.AsSpan(0, payloadsLength);
        associatedData.CopyTo(work.AsSpan(payloadsLength));
        Span<byte> session = stackalloc byte[SecretKey.Length];
        sessionKey.WriteTo(session);
        OnionKeys.Obfuscate(OnionKeys.Pad, session, payloads);
        session.Clear();

        var filler = Filler(hops, secrets, payloadsLength);
        var hmac = packet.AsSpan(OnionPacket.PayloadsStart + payloadsLength, OnionPacket.HmacLength);
        for (var i = hops.Length - 1; i >= 0; i--)
        {
            var shift = FrameLength(hops[i]);
            payloads[..^shift].CopyTo(payloads[shift..]);
            WriteFrame(hops[i], hmac, payloads);
            OnionKeys.Obfuscate(OnionKeys.Rho, secrets[i].Span, payloads);
            if (i == hops.Length - 1)
                filler.CopyTo(payloads[^filler.Length..]);
            OnionKeys.Authenticate(OnionKeys.Mu, secrets[i].Span, work, hmac);
        }

        payloads.CopyTo(packet.AsSpan(OnionPacket.PayloadsStart));
        return packet;
    }

    // What the hops before the last will have shifted in and obfuscated at the end of the payloads by the time that the last one looks.
    private static byte[] Filler(ReadOnlySpan<OnionHop> hops, Bytes32[] secrets, int payloadsLength)
    {
        var length = 0;
        for (var i = 0; i < hops.Length - 1; i++)
            length += FrameLength(hops[i]);

        var filler = new byte[length];
        var stream = new byte[2 * payloadsLength];
        var filled = 0;
        for (var i = 0; i < hops.Length - 1; i++)
        {
            var frame = FrameLength(hops[i]);
            Array.Clear(stream);
            OnionKeys.Obfuscate(OnionKeys.Rho, secrets[i].Span, stream.AsSpan(0, payloadsLength + frame));
            var start = payloadsLength - filled;
            filled += frame;
            for (var j = 0; j < filled; j++)
                filler[j] ^= stream[start + j];
        }

        return filler;
    }

    private static bool TryShareSecrets(SecretKey sessionKey, ReadOnlySpan<OnionHop> hops, out Bytes32[] secrets)
    {
        secrets = new Bytes32[hops.Length];
        Span<byte> secret = stackalloc byte[Bytes32.Length];
        Span<byte> factor = stackalloc byte[Bytes32.Length];
        var ephemeral = sessionKey.Clone();
        for (var i = 0; i < hops.Length; i++)
        {
            Ecdh.SharedSecret(ephemeral, hops[i].NodeId, secret);
            secrets[i] = new Bytes32(secret);
            OnionKeys.BlindingFactor(ephemeral.PublicKey, secret, factor);
            var derived = ephemeral.TweakMultiply(factor, out var next);
            ephemeral.Dispose();
            if (!derived)
                return false;
            ephemeral = next!;
        }

        ephemeral.Dispose();
        return true;
    }

    private static int FrameLength(in OnionHop hop) => (hop.Payload.Length < 0xfd ? 1 : 3) + hop.Payload.Length + OnionPacket.HmacLength;

    private static void WriteFrame(in OnionHop hop, ReadOnlySpan<byte> hmac, Span<byte> destination)
    {
        var writer = new ByteWriter(FrameLength(hop));
        writer.WriteBigSize((ulong)hop.Payload.Length);
        writer.WriteBytes(hop.Payload.Span);
        writer.WriteBytes(hmac);
        writer.WrittenSpan.CopyTo(destination);
    }
}
