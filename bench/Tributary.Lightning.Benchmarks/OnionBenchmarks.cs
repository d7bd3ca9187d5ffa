using BenchmarkDotNet.Attributes;
using Tributary.Crypto;
using Tributary.Lightning.Onions;

namespace Tributary.Lightning.Benchmarks;

/// <summary>An onion for an HTLC: what a sender does once and each hop once.</summary>
[MemoryDiagnoser]
public class OnionBenchmarks
{
    private readonly SecretKey _session = SecretKey.Generate(new SeededEntropy(1));
    private readonly SecretKey _node = SecretKey.Generate(new SeededEntropy(2));
    private readonly byte[] _paymentHash = new byte[32];
    private OnionHop[] _route = [];
    private byte[] _packet = [];

    [GlobalSetup]
    public void Build()
    {
        _route = [new OnionHop(_node.PublicKey, new byte[50]), new OnionHop(_session.PublicKey, new byte[50]), new OnionHop(_node.PublicKey, new byte[80])];
        _packet = Wrap();
    }

    [Benchmark]
    public byte[] Wrap() => OnionBuilder.Build(_session, _route, _paymentHash).Value.Packet.ToArray();

    [Benchmark]
    public OnionError Peel() => OnionPeeler.TryPeel(_packet, _node, _paymentHash, out _, out _);
}
