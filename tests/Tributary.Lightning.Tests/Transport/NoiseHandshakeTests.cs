using Tributary.Lightning.Transport;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Transport;

/// <summary>BOLT 8, appendix A.</summary>
public sealed class NoiseHandshakeTests
{
    private const string ActOne = "00036360e856310ce5d294e8be33fc807077dc56ac80d95d9cd4ddbd21325eff73f70df6086551151f58b8afe6c195782c6a";
    private const string ActTwo = "0002466d7fcae563e5cb09a0d1870bb580344804617879a14949cf22285f1bae3f276e2470b93aac583c9ef6eafca3f730ae";
    private const string ActThree = "00b9e3a702e93e3a9948c2ed6e5fd7590a6e1c3a0344cfc9d5b57357049aa22355361aa02e55a8fc28fef5bd6d71ad0c38228dc68b1c466263b47fdf31e560e139ba";
    private const string FromInitiatorKey = "969ab31b4d288cedf6218839b27a3e2140827047f2c0f01bf5c04435d43511a9";
    private const string FromResponderKey = "bb9020b8965f4df047e07f955f3c4b88418984aadc5cdb35096b9ea8fa5c3442";

    [Fact]
    public void The_initiator_writes_the_acts_and_keys_of_the_vector()
    {
        using var handshake = Initiator();
        Assert.Equal(ActOne, WriteNext(handshake));
        Assert.Equal(HandshakeError.None, handshake.Read(TestKeys.Bytes(ActTwo)));
        Assert.Equal(ActThree, WriteNext(handshake));
        var (send, receive) = handshake.Split();
        Assert.Equal(FromInitiatorKey, Key(send));
        Assert.Equal(FromResponderKey, Key(receive));
    }

    [Fact]
    public void The_responder_writes_the_act_and_keys_of_the_vector()
    {
        using var handshake = Responder();
        Assert.Equal(HandshakeError.None, handshake.Read(TestKeys.Bytes(ActOne)));
        Assert.Equal(ActTwo, WriteNext(handshake));
        Assert.Throws<InvalidOperationException>(() => handshake.RemoteNodeId);
        Assert.Equal(HandshakeError.None, handshake.Read(TestKeys.Bytes(ActThree)));
        Assert.True(handshake.IsComplete);
        Assert.Equal(TestKeys.Public("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa"), handshake.RemoteNodeId);
        var (send, receive) = handshake.Split();
        Assert.Equal(FromResponderKey, Key(send));
        Assert.Equal(FromInitiatorKey, Key(receive));
    }

    [Theory]
    [InlineData("0002466d7fcae563e5cb09a0d1870bb580344804617879a14949cf22285f1bae3f276e2470b93aac583c9ef6eafca3f730", HandshakeError.BadLength)]
    [InlineData("0102466d7fcae563e5cb09a0d1870bb580344804617879a14949cf22285f1bae3f276e2470b93aac583c9ef6eafca3f730ae", HandshakeError.BadVersion)]
    [InlineData("0004466d7fcae563e5cb09a0d1870bb580344804617879a14949cf22285f1bae3f276e2470b93aac583c9ef6eafca3f730ae", HandshakeError.BadPublicKey)]
    [InlineData("0002466d7fcae563e5cb09a0d1870bb580344804617879a14949cf22285f1bae3f276e2470b93aac583c9ef6eafca3f730af", HandshakeError.BadTag)]
    public void The_initiator_refuses_a_bad_act_two(string act, HandshakeError expected)
    {
        using var handshake = Initiator();
        WriteNext(handshake);
        Assert.Equal(expected, handshake.Read(TestKeys.Bytes(act)));
        Assert.False(handshake.IsOurTurn);
        Assert.Equal(HandshakeError.OutOfTurn, handshake.Read(TestKeys.Bytes(ActTwo)));
    }

    [Theory]
    [InlineData("00036360e856310ce5d294e8be33fc807077dc56ac80d95d9cd4ddbd21325eff73f70df6086551151f58b8afe6c195782c", HandshakeError.BadLength)]
    [InlineData("01036360e856310ce5d294e8be33fc807077dc56ac80d95d9cd4ddbd21325eff73f70df6086551151f58b8afe6c195782c6a", HandshakeError.BadVersion)]
    [InlineData("00046360e856310ce5d294e8be33fc807077dc56ac80d95d9cd4ddbd21325eff73f70df6086551151f58b8afe6c195782c6a", HandshakeError.BadPublicKey)]
    [InlineData("00036360e856310ce5d294e8be33fc807077dc56ac80d95d9cd4ddbd21325eff73f70df6086551151f58b8afe6c195782c6b", HandshakeError.BadTag)]
    public void The_responder_refuses_a_bad_act_one(string act, HandshakeError expected)
    {
        using var handshake = Responder();
        Assert.Equal(expected, handshake.Read(TestKeys.Bytes(act)));
    }

    [Theory]
    [InlineData("01b9e3a702e93e3a9948c2ed6e5fd7590a6e1c3a0344cfc9d5b57357049aa22355361aa02e55a8fc28fef5bd6d71ad0c38228dc68b1c466263b47fdf31e560e139ba", HandshakeError.BadVersion)]
    [InlineData("00b9e3a702e93e3a9948c2ed6e5fd7590a6e1c3a0344cfc9d5b57357049aa22355361aa02e55a8fc28fef5bd6d71ad0c38228dc68b1c466263b47fdf31e560e139", HandshakeError.BadLength)]
    [InlineData("00c9e3a702e93e3a9948c2ed6e5fd7590a6e1c3a0344cfc9d5b57357049aa22355361aa02e55a8fc28fef5bd6d71ad0c38228dc68b1c466263b47fdf31e560e139ba", HandshakeError.BadCiphertext)]
    [InlineData("00bfe3a702e93e3a9948c2ed6e5fd7590a6e1c3a0344cfc9d5b57357049aa2235536ad09a8ee351870c2bb7f78b754a26c6cef79a98d25139c856d7efd252c2ae73c", HandshakeError.BadPublicKey)]
    [InlineData("00b9e3a702e93e3a9948c2ed6e5fd7590a6e1c3a0344cfc9d5b57357049aa22355361aa02e55a8fc28fef5bd6d71ad0c38228dc68b1c466263b47fdf31e560e139bb", HandshakeError.BadTag)]
    public void The_responder_refuses_a_bad_act_three(string act, HandshakeError expected)
    {
        using var handshake = Responder();
        Assert.Equal(HandshakeError.None, handshake.Read(TestKeys.Bytes(ActOne)));
        WriteNext(handshake);
        Assert.Equal(expected, handshake.Read(TestKeys.Bytes(act)));
        Assert.False(handshake.IsComplete);
        Assert.Throws<InvalidOperationException>(() => handshake.RemoteNodeId);
    }

    [Fact]
    public void Any_bytes_may_come_in_place_of_an_act() =>
        Fuzz.Run(
            [TestKeys.Bytes(ActOne), [.. TestKeys.Bytes(ActOne), .. TestKeys.Bytes(ActThree)]],
            input =>
            {
                using var session = TransportSession.Accept(TestKeys.Secret(0x21), new FixedEntropy(TestKeys.Bytes(new string('2', 64))));
                var output = new ByteWriter();
                while (session.Receive(ref input, output, out _) is not (TransportStatus.NeedsMore or TransportStatus.Failed))
                    Assert.True(output.Length <= NoiseHandshake.ActOneLength);
            },
            iterations: 500,
            limits: new FuzzLimits(BytesPerInputByte: 16, Bytes: 16384));

    internal static NoiseHandshake Initiator() => NoiseHandshake.Initiate(
        TestKeys.Secret(0x11),
        TestKeys.Public("028d7500dd4c12685d1f568b4c2b5048e8534b873319f3a8daa612b469132ec7f7"),
        new FixedEntropy([.. Enumerable.Repeat((byte)0x12, 32)]));

    internal static NoiseHandshake Responder() =>
        NoiseHandshake.Respond(TestKeys.Secret(0x21), new FixedEntropy([.. Enumerable.Repeat((byte)0x22, 32)]));

    private static string WriteNext(NoiseHandshake handshake)
    {
        var act = new byte[NoiseHandshake.ActThreeLength];
        return Convert.ToHexStringLower(act.AsSpan(0, handshake.Write(act)));
    }

    private static string Key(MessageCipher cipher)
    {
        var key = new byte[32];
        cipher.CopyKeyTo(key);
        return Convert.ToHexStringLower(key);
    }
}
