using BenchmarkDotNet.Attributes;

namespace Tributary.Crypto.Benchmarks;

/// <summary>What unlocking a wallet costs.</summary>
[SimpleJob(iterationCount: 5, warmupCount: 1)]
public class ScryptBenchmarks
{
    private readonly byte[] _key = new byte[32];

    [Benchmark]
    public void DefaultCost() => Scrypt.DeriveKey("passphrase"u8, "salt"u8, ScryptCost.Default, _key);
}
