using System.Text.Json;
using Tributary.Crypto;
using Tributary.Lightning.Onions;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Onions;

/// <summary>BOLT 4's vectors of onions and of errors.</summary>
public sealed class OnionVectorTests
{
    [Fact]
    public void The_onion_of_the_vector_is_built_and_peeled()
    {
        using var vector = Vectors.Json("lightning/bolt04_onion-test.json");
        var generate = vector.RootElement.GetProperty("generate");
        var associatedData = TestKeys.Bytes(Text(generate, "associated_data"));
        OnionHop[] hops = [.. generate.GetProperty("hops").EnumerateArray().Select(static hop => new OnionHop(TestKeys.Public(Text(hop, "pubkey")), WithoutLength(Text(hop, "payload"))))];
        var onion = OnionBuilder.Build(TestKeys.Secret(Text(generate, "session_key")), hops, associatedData).Value;
        Assert.Equal(Text(vector.RootElement, "onion"), Convert.ToHexStringLower(onion.Packet.Span));

        var packet = onion.Packet;
        var index = 0;
        foreach (var key in vector.RootElement.GetProperty("decode").EnumerateArray())
        {
            Assert.Equal(OnionError.None, OnionPeeler.TryPeel(packet.Span, TestKeys.Secret(key.GetString()!), associatedData, out var peeled, out _));
            Assert.True(peeled!.Payload.Span.SequenceEqual(hops[index].Payload.Span));
            Assert.Equal(onion.SharedSecrets[index], peeled.SharedSecret);
            Assert.Equal(index == hops.Length - 1, peeled.IsFinal);
            packet = peeled.Next ?? default;
            index++;
        }

        Assert.Equal(hops.Length, index);
    }

    [Fact]
    public void The_error_of_the_vector_is_built_passed_back_and_read()
    {
        using var vector = Vectors.Json("lightning/bolt04_onion-error-test.json");
        var generate = vector.RootElement.GetProperty("generate");
        Bytes32[] secrets = [.. generate.GetProperty("hops").EnumerateArray().Select(static hop => new Bytes32(TestKeys.Bytes(Text(hop, "hop_shared_secret"))))];
        Assert.True(FailureMessage.TryRead(TestKeys.Bytes(Text(generate, "failure_message")), out var failure));
        Assert.Equal(FailureCode.TemporaryNodeFailure, failure.Code);

        var packet = ErrorOnion.Create(secrets[^1], failure);
        for (var hop = secrets.Length - 2; hop >= 0; hop--)
            packet = ErrorOnion.Wrap(secrets[hop], packet);
        Assert.Equal(Text(vector.RootElement, "errorpacket"), Convert.ToHexStringLower(packet));
        Assert.Equal(new RouteFailure(4, failure), ErrorOnion.Read(secrets, packet));
    }

    // The same path with blinded hops: what route blinding adds lies above the peeler.
    [Fact]
    public void A_hop_of_a_blinded_route_peels_with_its_path_key()
    {
        using var vector = Vectors.Json("lightning/bolt04_blinded-payment-onion-test.json");
        var associatedData = TestKeys.Bytes(Text(vector.RootElement.GetProperty("generate"), "associated_data"));
        ReadOnlyMemory<byte> packet = TestKeys.Bytes(Text(vector.RootElement.GetProperty("generate"), "onion"));
        var hops = vector.RootElement.GetProperty("decrypt").GetProperty("hops");
        var peeledHops = 0;
        PublicKey? pathKey = null;
        foreach (var hop in hops.EnumerateArray())
        {
            Assert.Equal(Text(hop, "onion"), Convert.ToHexStringLower(packet.Span));
            Assert.Equal(OnionError.None, OnionPeeler.TryPeel(packet.Span, TestKeys.Secret(Text(hop, "node_privkey")), associatedData, out var peeled, out _, pathKey));
            Assert.True(HopPayload.Read(peeled!.Payload.Span).IsOk);
            pathKey = hop.TryGetProperty("next_path_key", out var next) ? TestKeys.Public(next.GetString()!) : null;
            packet = peeled.Next ?? default;
            peeledHops++;
        }

        Assert.True(peeledHops == 5 && packet.IsEmpty);
    }

    internal static ReadOnlyMemory<byte> WithoutLength(string hex)
    {
        var bytes = TestKeys.Bytes(hex);
        var reader = new SpanReader(bytes);
        Assert.True(reader.TryReadBigSize(out var length) && length == (ulong)reader.Remaining);
        return bytes.AsMemory(reader.Position);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
