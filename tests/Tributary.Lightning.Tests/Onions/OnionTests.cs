using FsCheck;
using FsCheck.Fluent;
using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Onions;

public sealed class OnionTests
{
    private static readonly byte[] s_hash = [.. Enumerable.Repeat((byte)7, 32)];

    [Fact]
    public void Every_hop_reads_its_own_payload_and_passes_on_the_rest() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte hopCount, byte[] payload, uint seed) =>
        {
            SecretKey[] keys = [.. Enumerable.Range(0, 1 + (hopCount % 20)).Select(static i => TestKeys.Secret((byte)(i + 1)))];
            ReadOnlyMemory<byte> content = new byte[] { 1, 2 }.Concat(payload.Take(20)).ToArray();
            var onion = OnionBuilder.Build(SecretKey.Generate(new SeededEntropy(seed)), [.. keys.Select(key => new OnionHop(key.PublicKey, content))], s_hash).Value;
            var packet = onion.Packet;
            for (var i = 0; i < keys.Length; i++)
            {
                Assert.Equal(1366, packet.Length);
                Assert.Equal(OnionError.None, OnionPeeler.TryPeel(packet.Span, keys[i], s_hash, out var peeled, out var secret));
                Assert.True(peeled!.Payload.Span.SequenceEqual(content.Span));
                Assert.Equal(onion.SharedSecrets[i], secret);
                Assert.Equal(i == keys.Length - 1, peeled.IsFinal);
                packet = peeled.Next ?? default;
            }
        }));

    [Fact]
    public void A_message_onion_may_have_another_size_and_no_associated_data()
    {
        var key = TestKeys.Secret(0x31);
        var onion = OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(key.PublicKey, new byte[20_000])], [], payloadsLength: 32768).Value;
        Assert.Equal(32768 + 66, onion.Packet.Length);
        Assert.Equal(OnionError.None, OnionPeeler.TryPeel(onion.Packet.Span, key, [], out var peeled, out _));
        Assert.Equal(20_000, peeled!.Payload.Length);
    }

    [Fact]
    public void Payloads_fill_the_onion_to_the_last_byte_and_no_further()
    {
        var key = TestKeys.Secret(0x31).PublicKey;
        Assert.True(OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(key, new byte[1300 - 32 - 3])], s_hash).IsOk);
        Assert.Equal("hops", OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(key, new byte[1300 - 32 - 2])], s_hash).Error.Field);
        Assert.Equal("payload", OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(key, new byte[1])], s_hash).Error.Field);
        Assert.Equal("hops", OnionBuilder.Build(TestKeys.Secret(0x41), [], s_hash).Error.Field);
    }

    [Fact]
    public void An_onion_with_one_thing_wrong_is_refused_for_that()
    {
        var key = TestKeys.Secret(0x31);
        var packet = OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(key.PublicKey, new byte[30])], s_hash).Value.Packet.ToArray();
        Assert.Equal(OnionError.None, OnionPeeler.TryPeel(packet, key, s_hash, out _, out _));
        Assert.Equal(OnionError.BadVersion, Peel(0, 1));
        Assert.Equal(OnionError.BadKey, Peel(1, 5));
        Assert.Equal(OnionError.BadHmac, Peel(100, 1));
        Assert.Equal(OnionError.BadHmac, Peel(packet.Length - 1, 1));
        Assert.Equal(OnionError.BadHmac, OnionPeeler.TryPeel(packet, key, new byte[32], out _, out _));
        Assert.Equal(OnionError.BadHmac, OnionPeeler.TryPeel(packet, TestKeys.Secret(0x32), s_hash, out _, out _));
        Assert.Equal(OnionError.BadVersion, OnionPeeler.TryPeel(packet.AsSpan(0, 66), key, s_hash, out _, out _));

        OnionError Peel(int at, byte flip)
        {
            byte[] changed = [.. packet];
            changed[at] ^= flip;
            var error = OnionPeeler.TryPeel(changed, key, s_hash, out var peeled, out _);
            Assert.Null(peeled);
            return error;
        }
    }

    // The last hop's HMAC is made by us here, so that what lies under it can be anything.
    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("fd0010")]
    [InlineData("fd0514")]
    [InlineData("ffffffffffffffffff")]
    public void A_payload_length_that_does_not_fit_is_refused_under_the_shared_secret(string hex)
    {
        var key = TestKeys.Secret(0x31);
        var session = TestKeys.Secret(0x41);
        var secret = new byte[32];
        Ecdh.SharedSecret(session, key.PublicKey, secret);
        var payloads = new byte[1300];
        TestKeys.Bytes(hex).CopyTo(payloads, 0);
        OnionKeys.Obfuscate(OnionKeys.Rho, secret, payloads);
        var hmac = new byte[32];
        OnionKeys.Authenticate(OnionKeys.Mu, secret, [.. payloads, .. s_hash], hmac);
        byte[] packet = [0, .. session.PublicKey.ToBytes(), .. payloads, .. hmac];
        Assert.Equal(OnionError.BadPayload, OnionPeeler.TryPeel(packet, key, s_hash, out _, out var shared));
        Assert.Equal(secret, shared.ToArray());
    }

    [Fact]
    public void Any_bytes_may_come_in_place_of_an_onion()
    {
        var key = TestKeys.Secret(0x31);
        var packet = OnionBuilder.Build(TestKeys.Secret(0x41), [new OnionHop(key.PublicKey, new byte[30])], s_hash).Value.Packet.ToArray();
        Fuzz.Run([packet], input => OnionPeeler.TryPeel(input, key, s_hash, out _, out _), iterations: 1000, limits: new FuzzLimits(Bytes: 16384));
    }

    [Fact]
    public void An_error_is_read_at_the_hop_that_made_it_and_only_there() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte hopCount, byte erring, uint height) =>
        {
            Bytes32[] secrets = [.. Enumerable.Range(0, 1 + (hopCount % 20)).Select(static i => Hashes.Sha256([(byte)i]))];
            var hop = erring % secrets.Length;
            var failure = FailureMessage.OfPaymentDetails(new(1000), height);
            var packet = ErrorOnion.Create(secrets[hop], failure);
            for (var i = hop - 1; i >= 0; i--)
                packet = ErrorOnion.Wrap(secrets[i], packet);
            Assert.Equal(new RouteFailure(hop, failure), ErrorOnion.Read(secrets, packet));

            packet[^1] ^= 1;
            Assert.Null(ErrorOnion.Read(secrets, packet));
        }));

    [Fact]
    public void Any_bytes_may_come_back_as_an_error()
    {
        Bytes32[] secrets = [Hashes.Sha256([1]), Hashes.Sha256([2])];
        Fuzz.Run(
            [ErrorOnion.Create(secrets[0], FailureMessage.Of(FailureCode.ExpiryTooFar)), new byte[292]],
            input => ErrorOnion.Read(secrets, input),
            iterations: 500);
    }
}
