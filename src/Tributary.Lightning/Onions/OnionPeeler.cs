using System.Security.Cryptography;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Onions;

/// <summary>Takes a layer off an onion of any size (BOLT 4, "Onion Decryption"): payments and onion messages alike.</summary>
public static class OnionPeeler
{
    /// <summary>Peels. Whether the same onion came before (a replay) is for the caller to know.</summary>
    /// <param name="packet">The onion as it came.</param>
    /// <param name="nodeKey">Our node's secret key.</param>
    /// <param name="associatedData">The payment hash, or nothing for messages.</param>
    /// <param name="peeled">The layer, when there is no error.</param>
    /// <param name="sharedSecret">Known from <see cref="OnionError.BadHmac"/> on: <see cref="OnionError.BadPayload"/> is reported under it.</param>
    /// <param name="pathKey">The path key of a blinded route, whose hops are known by blinded node ids.</param>
    public static OnionError TryPeel(
        ReadOnlySpan<byte> packet,
        SecretKey nodeKey,
        ReadOnlySpan<byte> associatedData,
        out PeeledOnion? peeled,
        out Bytes32 sharedSecret,
        PublicKey? pathKey = null)
    {
        peeled = null;
        sharedSecret = default;
        if (packet.Length <= OnionPacket.Overhead || packet[0] != OnionPacket.Version)
            return OnionError.BadVersion;
        if (!PublicKey.TryParse(packet.Slice(1, PublicKey.CompressedLength), out var ephemeral) || !TryShareSecret(nodeKey, ephemeral, pathKey, out sharedSecret))
            return OnionError.BadKey;

        // Twice the payloads: what a hop shifts in comes out of the same stream. Before, the space holds what the HMAC is over.
        var length = packet.Length - OnionPacket.Overhead;
        var work = new byte[Math.Max(2 * length, length + associatedData.Length)];
        packet.Slice(OnionPacket.PayloadsStart, length).CopyTo(work);
        associatedData.CopyTo(work.AsSpan(length));
        Span<byte> hmac = stackalloc byte[OnionPacket.HmacLength];
        OnionKeys.Authenticate(OnionKeys.Mu, sharedSecret.Span, work.AsSpan(0, length + associatedData.Length), hmac);
        if (!CryptographicOperations.FixedTimeEquals(hmac, packet[^OnionPacket.HmacLength..]))
            return OnionError.BadHmac;

        work.AsSpan(length).Clear();
        OnionKeys.Obfuscate(OnionKeys.Rho, sharedSecret.Span, work.AsSpan(0, 2 * length));
        var reader = new SpanReader(work.AsSpan(0, length));
        if (!reader.TryReadBigSize(out var payloadLength) || payloadLength < 2 || payloadLength > (ulong)reader.Remaining
            || !reader.TryReadBytes((int)payloadLength, out var payload) || !reader.TryReadBytes32(out var nextHmac))
        {
            return OnionError.BadPayload;
        }

        if (nextHmac.IsZero)
        {
            peeled = new PeeledOnion(payload.ToArray(), sharedSecret, Next: null);
            return OnionError.None;
        }

        Span<byte> factor = stackalloc byte[Bytes32.Length];
        OnionKeys.BlindingFactor(ephemeral, sharedSecret.Span, factor);
        if (!ephemeral.TweakMultiply(factor, out var nextEphemeral))
            return OnionError.BadKey;

        var next = new byte[packet.Length];
        next[0] = OnionPacket.Version;
        nextEphemeral.WriteCompressed(next.AsSpan(1));
        work.AsSpan(reader.Position, length).CopyTo(next.AsSpan(OnionPacket.PayloadsStart));
        nextHmac.Span.CopyTo(next.AsSpan(OnionPacket.PayloadsStart + length));
        peeled = new PeeledOnion(payload.ToArray(), sharedSecret, next);
        return OnionError.None;
    }

    private static bool TryShareSecret(SecretKey nodeKey, in PublicKey ephemeral, PublicKey? pathKey, out Bytes32 sharedSecret)
    {
        sharedSecret = default;
        Span<byte> secret = stackalloc byte[Bytes32.Length];
        if (pathKey is not { } path)
        {
            Ecdh.SharedSecret(nodeKey, ephemeral, secret);
            sharedSecret = new Bytes32(secret);
            return true;
        }

        // Our node id was blinded by a factor that follows from the path key; the secret key is blinded alike.
        Ecdh.SharedSecret(nodeKey, path, secret);
        Span<byte> factor = stackalloc byte[Bytes32.Length];
        Hashes.HmacSha256(OnionKeys.BlindedNodeId, secret, factor);
        if (!nodeKey.TweakMultiply(factor, out var blinded))
            return false;
        using (blinded)
            Ecdh.SharedSecret(blinded, ephemeral, secret);
        sharedSecret = new Bytes32(secret);
        return true;
    }
}
