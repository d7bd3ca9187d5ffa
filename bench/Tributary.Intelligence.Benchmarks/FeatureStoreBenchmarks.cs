using BenchmarkDotNet.Attributes;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Protocols;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>Events through a feature store, from empty: the forty features of commerce, and the fifteen of the handbook's format.</summary>
[MemoryDiagnoser]
public class FeatureStoreBenchmarks
{
    private (PaymentEvent Payment, bool IsFraud)[] _events = null!;

    [GlobalSetup]
    public void Setup() => _events = PaymentEvents.Create();

    [Benchmark]
    public float Forty() => FeatureFigures.Run(new FeatureStore(PaymentFormat.Commerce.Engine), _events);

    [Benchmark]
    public float Fifteen() => FeatureFigures.Run(new FeatureStore(PaymentFormat.Handbook.Engine), _events);
}
