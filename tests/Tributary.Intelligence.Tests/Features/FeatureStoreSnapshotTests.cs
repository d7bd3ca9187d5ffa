using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Training;
using Outcome = Tributary.Intelligence.Features.Outcome;

namespace Tributary.Intelligence.Tests.Features;

public sealed class FeatureStoreSnapshotTests
{
    private const int Payments = 1_500;

    private static readonly FeatureSet Every = FeatureSet.Parse(PaymentStream.EveryFeature).Value;

    // So small that entities are forgotten, cells are merged, and lists overflow all the time.
    private static readonly FeatureStoreOptions Tight = new() { MaxEntities = 16, MaxCells = 256, MaxDistinct = 4, MaxMedian = 4, MaxLabels = 8 };

    [Fact]
    public void A_store_restored_in_the_middle_gives_the_rows_and_the_snapshot_of_the_one_that_never_stopped()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(12), Prop.ForAll((int seed, bool isTight) =>
        {
            var options = isTight ? Tight : new FeatureStoreOptions();
            var parties = isTight ? 40 : 5;
            var whole = new FeatureStore(Every, options);
            var expected = Play(whole, seed, parties, 0, Payments);

            var first = new FeatureStore(Every, options);
            var middle = (int)((uint)seed % Payments);
            var rows = Play(first, seed, parties, 0, middle);
            var second = FeatureStore.Restore(Every, new MemoryStream(Save(first))).Value;
            rows.AddRange(Play(second, seed, parties, middle, Payments));

            AssertSame(expected, rows);
            Assert.Equal(Save(whole), Save(second));
        }));
    }

    [Fact]
    public void Announcing_payments_changes_no_feature_and_no_byte_of_the_snapshot()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(12), Prop.ForAll((int seed, byte ahead, bool isTight) =>
        {
            var options = isTight ? Tight : new FeatureStoreOptions();
            var parties = isTight ? 40 : 5;
            var plain = new FeatureStore(Every, options);
            var told = new FeatureStore(Every, options);
            Assert.Equal(0, told.PaymentCount);
            AssertSame(Play(plain, seed, parties, 0, Payments), Play(told, seed, parties, 0, Payments, 1 + (ahead % 9)));
            Assert.Equal(Save(plain), Save(told));
        }));
    }

    [Fact]
    public void A_store_of_many_parties_finds_each_of_them_again_after_it_grew()
    {
        const int Parties = 40_000;
        var set = FeatureSet.Parse("decimals 0\nseen = count by customer over ever before").Value;
        var store = new FeatureStore(set);
        var row = new float[1];
        for (var round = 0; round < 3; round++)
        {
            for (var party = 0; party < Parties; party++)
            {
                var entities = default(EntityKeys);
                entities[EntityKind.Customer] = Pseudonym.OfNumber((ulong)party);
                Assert.True(store.Observe(new PaymentEvent { Id = (ulong)((round * Parties) + party), TimeMs = 1_000 + round, AmountMinor = 1, Entities = entities }, row).IsOk);
                Assert.Equal(round, row[0]);
            }
        }

        Assert.Equal(Parties, store.EntityCount);
    }

    [Fact]
    public void A_damaged_snapshot_is_refused_or_a_sound_store_and_never_an_exception()
    {
        var store = new FeatureStore(Every, Tight);
        Play(store, 7, 40, 0, 200);
        var bytes = Save(store);
        var generator = new SeededGenerator(11);
        var row = new float[Every.Schema.Count];
        for (var i = 0; i < 300; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[generator.NextInt32(damaged.Length)] ^= (byte)(1 << generator.NextInt32(8));
            Assert.False(FeatureStore.Restore(Every, new MemoryStream(damaged)).IsOk);
            Assert.False(FeatureStore.Restore(Every, new MemoryStream(bytes, 0, generator.NextInt32(bytes.Length))).IsOk);
        }

        var restored = FeatureStore.Restore(Every, new MemoryStream(bytes)).Value;
        var timeMs = restored.ClockMs;
        Assert.True(restored.Observe(PaymentStream.Next(ref generator, ref timeMs, 1_000_000), row).IsOk);
        Assert.Equal("has version 99; this program reads version 1", FeatureStore.Restore(Every, new MemoryStream(WithVersion(bytes, 99))).Error.Reason);
    }

    private static byte[] WithVersion(byte[] bytes, byte version)
    {
        var changed = (byte[])bytes.Clone();
        changed[8] = version;
        return changed;
    }

    /// <summary>Plays the payments of a seed from one to another; what outcomes are about depends on the seed and the place alone.</summary>
    private static List<float[]> Play(FeatureStore store, int seed, int parties, int from, int to, int ahead = 0)
    {
        var rows = new List<float[]>();
        var payments = new List<PaymentEvent>();
        var generator = new SeededGenerator((ulong)seed);
        var timeMs = PaymentStream.FirstDayMs;
        for (var i = 0; i < Payments; i++)
            payments.Add(PaymentStream.Next(ref generator, ref timeMs, (ulong)i + 1, parties));
        for (var i = 0; i < to; i++)
        {
            var about = payments[generator.NextInt32(i + 1)];
            var (reports, isFraud, isAnnounced) = (generator.NextInt32(3) == 0, generator.NextInt32(4) > 0, generator.NextInt32(8) > 0);
            if (i < from)
                continue;
            if (ahead > 0 && i + ahead < to && isAnnounced)
                store.Anticipate(payments[i + ahead]);
            var row = new float[Every.Schema.Count];
            Assert.True(store.Observe(payments[i], row).IsOk);
            rows.Add(row);
            if (reports)
                Assert.True(store.Apply(about, isFraud ? Outcome.Fraud : Outcome.Legitimate).IsOk);
        }

        return rows;
    }

    private static byte[] Save(FeatureStore store)
    {
        using var stream = new MemoryStream();
        store.SaveTo(stream);
        return stream.ToArray();
    }

    private static void AssertSame(List<float[]> expected, List<float[]> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            for (var feature = 0; feature < expected[i].Length; feature++)
            {
                if (BitConverter.SingleToInt32Bits(expected[i][feature]) != BitConverter.SingleToInt32Bits(actual[i][feature]))
                    Assert.Fail($"Payment {i + 1}, {Every.Definitions[feature]}: expected {expected[i][feature]:R}, found {actual[i][feature]:R}.");
            }
        }
    }
}
