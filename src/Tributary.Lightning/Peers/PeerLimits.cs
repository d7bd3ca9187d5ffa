namespace Tributary.Lightning.Peers;

/// <summary>What one peer, one address and all strangers together may take of this node.</summary>
public sealed record PeerLimits
{
    public static PeerLimits Default { get; } = new();

    /// <summary>From the first byte to the peer's <c>init</c>.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Dialling: until TCP answers.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which the peer is asked whether it is there.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long the answer to a ping may take.</summary>
    public TimeSpan PongTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one write may wait for a peer that does not read.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages waiting to be written: a peer that lets more gather is dropped.</summary>
    public int QueuedMessagesMax { get; init; } = 8192;

    /// <summary>Bytes received and not yet dealt with; reading stops there until the node has caught up.</summary>
    public int BytesInFlightMax { get; init; } = 1 << 20;

    /// <summary>Messages a second of a peer that we have a channel with; reading slows down above.</summary>
    public int MessagesPerSecond { get; init; } = 50_000;

    /// <summary>Messages a second of a peer without a channel.</summary>
    public int StrangerMessagesPerSecond { get; init; } = 2_000;

    /// <summary>Pings that may come at once; one a second comes on top. More ends the connection.</summary>
    public int PingBurst { get; init; } = 30;

    /// <summary>Handshakes from one address (an IPv6 network of 64 bits counts as one) that may begin at once.</summary>
    public int HandshakesPerAddress { get; init; } = 20;

    /// <summary>After a burst, an address may begin another handshake this often.</summary>
    public TimeSpan HandshakeEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Handshakes under way at any moment, of all addresses.</summary>
    public int HandshakesMax { get; init; } = 64;

    /// <summary>Peers without a channel that may stay connected after they dialled us; the oldest makes room.</summary>
    public int StrangersMax { get; init; } = 64;

    /// <summary>The first wait before a lost peer is dialled again; it doubles up to <see cref="RedialDelayMax"/>.</summary>
    public TimeSpan RedialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan RedialDelayMax { get; init; } = TimeSpan.FromMinutes(5);
}
