using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;

namespace Tributary.Crypto.Benchmarks;

/// <summary>The hash functions over the sizes that transactions, scripts and blocks have, beside the platform's one-shot call.</summary>
[MemoryDiagnoser]
public class HashBenchmarks
{
    private readonly byte[] _data = new byte[1 << 16];
    private readonly byte[] _hash = new byte[32];

    [Params(32, 250, 65536)]
    public int Length { get; set; }

    [Benchmark(Baseline = true)]
    public void PlatformSha256() => SHA256.HashData(_data.AsSpan(0, Length), _hash);

    [Benchmark]
    public void Sha256() => Hashes.Sha256(_data.AsSpan(0, Length), _hash);

    [Benchmark]
    public void Sha256Managed()
    {
        var state = Sha256State.Initial;
        Sha256Compression.CompressManaged(ref state, _data.AsSpan(0, Math.Max(64, Length)));
    }

    [Benchmark]
    public void Sha256d() => Hashes.Sha256d(_data.AsSpan(0, Length), _hash);

    [Benchmark]
    public void TaggedHash() => TaggedHashes.TapLeaf.Hash(_data.AsSpan(0, Length), _hash);

    [Benchmark]
    public void Ripemd160() => Hashes.Ripemd160(_data.AsSpan(0, Length), _hash);

    [Benchmark]
    public void ChaCha20Keystream() => ChaCha20.Keystream(_hash, _hash.AsSpan(0, 12), 0, _data.AsSpan(0, Length));
}
