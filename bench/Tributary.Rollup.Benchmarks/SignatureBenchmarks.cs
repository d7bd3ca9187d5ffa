using BenchmarkDotNet.Attributes;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Benchmarks;

/// <summary>Signatures on one core: durable intake checks at least 5,000 a second, at most 200 µs for each.</summary>
[MemoryDiagnoser]
public class SignatureBenchmarks
{
    private const int LogLifetime = 20;

    private XmssKey _key = null!;
    private byte[] _signature = [];
    private readonly TreeDigest _message = TreeHash.Empty(0);
    private uint _index;

    [GlobalSetup]
    public void Setup()
    {
        _key = XmssKey.Create(new byte[32], new XmssKeyOptions { LogLifetime = LogLifetime, Active = 256 });
        _signature = _key.Sign(5, _message).Value;
    }

    [GlobalCleanup]
    public void Cleanup() => _key.Dispose();

    [Benchmark]
    public bool Verify() => XmssVerifier.Verify(_key.PublicKey, 5, _message, _signature) is null;

    [Benchmark]
    public int Sign() => _key.Sign(_index++ % 256, _message).Value.Length;

    /// <summary>Making a key, for each one-time key.</summary>
    [Benchmark(OperationsPerInvoke = 512)]
    public byte MakeOneTimeKey()
    {
        using var key = XmssKey.Create(new byte[32], new XmssKeyOptions { LogLifetime = LogLifetime, Active = 256 });
        return key.PublicKey.Root.Span[0];
    }
}
