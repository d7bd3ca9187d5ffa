using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Peers;

public sealed class PeerSessionTests
{
    private static readonly PeerProfile s_profile = new(BitcoinNetwork.Regtest.GenesisHash.Value, PeerProfile.DefaultFeatures);

    [Fact]
    public void Two_sessions_exchange_init_and_messages()
    {
        var pair = new Pair(s_profile, s_profile);
        pair.Exchange();

        Assert.IsType<PeerEvent.Ready>(Assert.Single(pair.Dialler.Events));
        Assert.IsType<PeerEvent.Ready>(Assert.Single(pair.Listener.Events));
        pair.Dialler.Send(new Warning { ChannelId = ChannelId.All, Data = new byte[] { 65 } });
        pair.Exchange();
        var received = Assert.IsType<PeerEvent.Received>(pair.Listener.Events[^1]);
        Assert.IsType<Warning>(received.Message);
        Assert.True(pair.Listener.Session.IsReady);
    }

    [Fact]
    public void Peers_of_different_networks_part()
    {
        var pair = new Pair(s_profile, new PeerProfile(BitcoinNetwork.Signet.GenesisHash.Value, PeerProfile.DefaultFeatures));
        pair.Exchange();
        Assert.Equal(PeerClosureKind.Incompatible, pair.Dialler.Closure?.Kind);
        Assert.Contains("network", pair.Dialler.Closure!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_required_feature_that_is_not_understood_ends_the_connection()
    {
        var pair = new Pair(s_profile, s_profile with { Features = PeerProfile.DefaultFeatures.Or(FeatureVector.OfBits(100)) });
        pair.Exchange();
        Assert.Equal(PeerClosureKind.Incompatible, pair.Dialler.Closure?.Kind);
        Assert.Contains("100", pair.Dialler.Closure!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_odd_feature_is_ignored()
    {
        var pair = new Pair(s_profile, s_profile with { Features = PeerProfile.DefaultFeatures.Or(FeatureVector.OfBits(101)) });
        pair.Exchange();
        Assert.True(pair.Dialler.Session.IsReady);
    }

    [Fact]
    public void Odd_unknown_messages_are_ignored_and_even_ones_end_the_connection()
    {
        var pair = new Pair(s_profile, s_profile);
        pair.Exchange();
        pair.Dialler.Send(Unknown(40_001));
        pair.Exchange();
        Assert.True(pair.Listener.Session.IsReady);
        Assert.Single(pair.Listener.Events);

        pair.Dialler.Send(Unknown(40_000));
        pair.Exchange();
        Assert.Equal(PeerClosureKind.Protocol, pair.Listener.Closure?.Kind);

        // The peer is told why.
        var warning = Assert.IsType<Warning>(Assert.IsType<PeerEvent.Received>(pair.Dialler.Events[^1]).Message);
        Assert.Contains("40000", PeerText.Printable(warning.Data.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_init_ends_the_connection()
    {
        var pair = new Pair(s_profile, s_profile);
        pair.Exchange();
        pair.Dialler.Send(new Init { GlobalFeatures = FeatureVector.Empty, Features = FeatureVector.Empty });
        pair.Exchange();
        Assert.Equal(PeerClosureKind.Protocol, pair.Listener.Closure?.Kind);
    }

    [Fact]
    public void A_ping_is_answered_with_the_length_that_it_asks_for()
    {
        var pair = new Pair(s_profile, s_profile);
        pair.Exchange();
        pair.Dialler.Send(new Ping { PongLength = 300, Ignored = new byte[5] });
        Assert.True(pair.Listener.Take(pair.Dialler.Flush()) > 300);
        pair.Dialler.Send(new Ping { PongLength = Ping.NoPongLength, Ignored = new byte[5] });
        Assert.True(pair.Listener.Take(pair.Dialler.Flush()) > 300);
        pair.Listener.Output.Clear();
        pair.Dialler.Send(new Ping { PongLength = Ping.NoPongLength, Ignored = new byte[5] });
        Assert.Equal(0, pair.Listener.Take(pair.Dialler.Flush()));
        Assert.True(pair.Listener.Session.IsReady);
    }

    [Fact]
    public void Too_many_pings_end_the_connection()
    {
        var pair = new Pair(s_profile, s_profile);
        pair.Exchange();
        for (var i = 0; i < PeerLimits.Default.PingBurst + 5; i++)
            pair.Dialler.Send(new Ping { PongLength = 1, Ignored = default });
        pair.Exchange();
        Assert.Equal(PeerClosureKind.Limit, pair.Listener.Closure?.Kind);
    }

    [Fact]
    public void Silence_is_met_with_a_ping_and_further_silence_ends_the_connection()
    {
        var pair = new Pair(s_profile, s_profile);
        pair.Exchange();
        pair.Now += PeerLimits.Default.PingAfter;
        pair.Dialler.Tick();
        Assert.True(pair.Dialler.Output.Length > 0);

        // Answered: nothing happens for another while.
        pair.Exchange();
        pair.Now += PeerLimits.Default.PongTimeout;
        pair.Dialler.Tick();
        Assert.Null(pair.Dialler.Closure);

        pair.Now += PeerLimits.Default.PingAfter;
        pair.Dialler.Tick();
        pair.Dialler.Output.Clear();
        pair.Now += PeerLimits.Default.PongTimeout;
        pair.Dialler.Tick();
        Assert.Equal(PeerClosureKind.Timeout, pair.Dialler.Closure?.Kind);
    }

    [Fact]
    public void A_handshake_that_does_not_come_to_its_end_is_given_up()
    {
        var pair = new Pair(s_profile, s_profile);
        pair.Now += PeerLimits.Default.HandshakeTimeout;
        pair.Listener.Tick();
        Assert.Equal(PeerClosureKind.Timeout, pair.Listener.Closure?.Kind);
    }

    [Fact]
    public void A_dialler_that_has_the_wrong_key_learns_nothing()
    {
        using var other = SecretKey.Generate(new SeededEntropy(9));
        var pair = new Pair(s_profile, s_profile, other.PublicKey);
        pair.Exchange();
        Assert.Equal(PeerClosureKind.Handshake, pair.Listener.Closure?.Kind);
        Assert.Empty(pair.Dialler.Events);
    }

    private static LightningMessage Unknown(ushort type) => LightningMessage.Read([(byte)(type >> 8), (byte)type, 1, 2]).Value;

    private sealed class Pair
    {
        internal Pair(PeerProfile ours, PeerProfile theirs, PublicKey? dialled = null)
        {
            var entropy = new SeededEntropy(1);
            var (first, second) = (SecretKey.Generate(entropy), SecretKey.Generate(entropy));
            Dialler = new Side(this);
            Listener = new Side(this);
            Dialler.Session = PeerSession.Dial(first, dialled ?? second.PublicKey, ours, PeerLimits.Default, entropy, Now, Dialler.Output);
            Listener.Session = PeerSession.Accept(second, theirs, PeerLimits.Default, entropy, Now);
        }

        internal TimeSpan Now { get; set; } = TimeSpan.FromSeconds(100);

        internal Side Dialler { get; }

        internal Side Listener { get; }

        internal void Exchange()
        {
            while (Dialler.Output.Length + Listener.Output.Length > 0)
            {
                Listener.Take(Dialler.Flush());
                Dialler.Take(Listener.Flush());
            }
        }
    }

    private sealed class Side(Pair pair)
    {
        internal PeerSession Session { get; set; } = null!;

        internal ByteWriter Output { get; } = new();

        internal List<PeerEvent> Events { get; } = [];

        internal PeerClosure? Closure => Events.OfType<PeerEvent.Ended>().FirstOrDefault()?.Closure;

        internal void Send(LightningMessage message) => Session.Send(message, Output);

        internal void Tick() => Session.Tick(pair.Now, Output, Events);

        internal byte[] Flush()
        {
            var bytes = Output.ToArray();
            Output.Clear();
            return bytes;
        }

        // In odd pieces, as a network cuts them.
        internal int Take(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var length = Math.Min(bytes.Length, 37);
                Session.Receive(bytes[..length], pair.Now, Output, Events);
                bytes = bytes[length..];
            }

            return Output.Length;
        }
    }
}
