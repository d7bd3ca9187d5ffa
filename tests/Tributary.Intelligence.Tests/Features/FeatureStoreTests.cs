using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Training;
using Outcome = Tributary.Intelligence.Features.Outcome;

namespace Tributary.Intelligence.Tests.Features;

public sealed class FeatureStoreTests
{
    private static readonly FeatureSet Every = FeatureSet.Parse(PaymentStream.EveryFeature).Value;

    [Fact]
    public void Every_feature_equals_its_definition_bit_for_bit_whenever_outcomes_arrive()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll((int seed) =>
        {
            var generator = new SeededGenerator((ulong)seed);
            var store = new FeatureStore(Every);
            var oracle = new FeatureOracle(Every);
            var row = new float[Every.Schema.Count];
            var taken = new List<PaymentEvent>();
            var timeMs = PaymentStream.FirstDayMs;
            for (ulong id = 1; id <= 200; id++)
            {
                var payment = PaymentStream.Next(ref generator, ref timeMs, id);
                Assert.True(store.Observe(payment, row).IsOk);
                taken.Add(payment);
                AssertSame(Every, oracle.Observe(payment), row, id);

                while (generator.NextInt32(3) == 0)
                {
                    // Up to the longest window back: beyond it, an outcome only changes totals over all time.
                    var about = taken[generator.NextInt32(taken.Count)];
                    if (about.TimeMs <= timeMs - (7 * 86_400_000L))
                        continue;
                    var outcome = generator.NextInt32(4) == 0 ? Outcome.Legitimate : Outcome.Fraud;
                    Assert.True(store.Apply(about, outcome).IsOk);
                    oracle.Apply(about.Id, outcome);
                }
            }
        }));
    }

    private static void AssertSame(FeatureSet set, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, ulong id)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"Payment {id}, {set.Definitions[i]}: expected {expected[i]:R}, found {actual[i]:R}.");
        }
    }
}
