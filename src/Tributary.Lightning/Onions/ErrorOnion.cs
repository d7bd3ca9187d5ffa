using System.Security.Cryptography;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Onions;

/// <summary>The way back of an error (BOLT 4, "Returning Errors"): authenticated by the hop that errs, obfuscated by every hop before it.</summary>
public static class ErrorOnion
{
    /// <summary>Failure and padding are at least this long together, so that the length tells nothing.</summary>
    public const int PaddedLength = 256;

    private const int LengthMax = ushort.MaxValue;

    /// <summary>The packet of the hop that errs, obfuscated by itself.</summary>
    public static byte[] Create(Bytes32 sharedSecret, FailureMessage failure)
    {
        var message = failure.ToArray();
        var padding = Math.Max(0, PaddedLength - message.Length);
        var writer = new ByteWriter(Bytes32.Length + 4 + message.Length + padding);
        writer.WriteBytes32(default);
        writer.WriteUInt16BigEndian(checked((ushort)message.Length));
        writer.WriteBytes(message);
        writer.WriteUInt16BigEndian((ushort)padding);
        writer.WriteBytes(new byte[padding]);
        var packet = writer.ToArray();
        OnionKeys.Authenticate(OnionKeys.Um, sharedSecret.Span, packet.AsSpan(Bytes32.Length), packet.AsSpan(0, Bytes32.Length));
        OnionKeys.Obfuscate(OnionKeys.Ammag, sharedSecret.Span, packet);
        return packet;
    }

    /// <summary>The packet as a hop passes it back, whatever it holds.</summary>
    public static byte[] Wrap(Bytes32 sharedSecret, ReadOnlySpan<byte> packet)
    {
        var wrapped = packet.ToArray();
        OnionKeys.Obfuscate(OnionKeys.Ammag, sharedSecret.Span, wrapped);
        return wrapped;
    }

    /// <summary>
    /// Finds, at the sender, which hop erred and how; null when no hop of the route made the packet, or one changed it on the way. Goes
    /// through all hops in any case, so that the time it takes does not tell who erred.
    /// </summary>
    /// <param name="sharedSecrets">Of <see cref="BuiltOnion"/>, first hop first.</param>
    /// <param name="packet">The reason of <c>update_fail_htlc</c>.</param>
    public static RouteFailure? Read(IReadOnlyList<Bytes32> sharedSecrets, ReadOnlySpan<byte> packet)
    {
        if (packet.Length is < Bytes32.Length + 4 or > LengthMax)
            return null;

        RouteFailure? found = null;
        var layers = packet.ToArray();
        Span<byte> mac = stackalloc byte[Bytes32.Length];
        for (var hop = 0; hop < sharedSecrets.Count; hop++)
        {
            OnionKeys.Obfuscate(OnionKeys.Ammag, sharedSecrets[hop].Span, layers);
            OnionKeys.Authenticate(OnionKeys.Um, sharedSecrets[hop].Span, layers.AsSpan(Bytes32.Length), mac);
            if (CryptographicOperations.FixedTimeEquals(mac, layers.AsSpan(0, Bytes32.Length)))
                found ??= new RouteFailure(hop, ReadFailure(layers.AsSpan(Bytes32.Length)));
        }

        return found;
    }

    private static FailureMessage? ReadFailure(ReadOnlySpan<byte> content)
    {
        var reader = new SpanReader(content);
        return reader.TryReadUInt16BigEndian(out var length) && reader.TryReadBytes(length, out var message) && FailureMessage.TryRead(message, out var failure)
            ? failure
            : null;
    }
}
