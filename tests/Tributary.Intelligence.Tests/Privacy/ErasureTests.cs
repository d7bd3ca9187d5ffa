using System.Security.Cryptography;
using Tributary.Intelligence.Decisions.Rights;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Tests.Decisions;
using Tributary.Intelligence.Tests.Features;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Policy;
using Tributary.Intelligence.Tests.Privacy.Storage;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Privacy;

/// <summary>What an erasure means for features, their log, and the journal.</summary>
public sealed class ErasureTests
{
    private const int People = 5;
    private const string Erased = "person 3";

    private static readonly FeatureSet Every = FeatureSet.Parse(PaymentStream.EveryFeature).Value;
    private static readonly byte[] Master = SHA256.HashData("master"u8);

    [Fact]
    public void Snapshot_and_replay_after_an_erasure_give_the_store_that_never_stopped_bit_for_bit()
    {
        using var keys = Keys();
        var store = new FeatureStore(Every);
        using var snapshot = new MemoryStream();
        var log = new ByteWriter();
        var seen = new List<(float[] Row, Pseudonym Customer)>();
        var generator = new SeededGenerator(11);
        var timeMs = PaymentStream.FirstDayMs;
        Pseudonym before = default;
        for (ulong id = 1; id <= 600; id++)
        {
            if (id == 200)
                store.SaveTo(snapshot);
            if (id == 400)
            {
                before = keys.Find(Identity.Create("customer", Erased).Value);
                keys.Erase(Identity.Create("customer", Erased).Value);
            }

            var payment = Next(keys, ref generator, ref timeMs, id);
            var row = new float[Every.Schema.Count];
            Assert.True(store.Observe(payment, row).IsOk);
            seen.Add((row, payment.Entity(EntityKind.Customer)));
            if (id >= 200)
                new FeatureLogRecord(payment, Outcome: null).WriteTo(log);
        }

        // Who was erased came back as somebody else, with no history.
        Assert.DoesNotContain(seen.Skip(399), payment => payment.Customer == before);
        var back = keys.Find(Identity.Create("customer", Erased).Value);
        Assert.Equal(0, seen.First(payment => payment.Customer == back).Row[Every.Schema.Names.IndexOf("c_ever")]);

        snapshot.Position = 0;
        var restored = FeatureStore.Restore(Every, snapshot).Value;
        var reader = new SpanReader(log.WrittenSpan);
        var replayed = new float[Every.Schema.Count];
        foreach (var (row, _) in seen.Skip(199))
        {
            Assert.True(FeatureLogRecord.TryRead(ref reader, out var record));
            Assert.True(restored.Observe(record.Payment, replayed).IsOk);
            Assert.Equal(Bits(row), Bits(replayed));
        }

        Assert.True(reader.IsAtEnd);
        Assert.Equal(Saved(store), Saved(restored));
    }

    [Fact]
    public void Those_who_remain_keep_their_features_bit_for_bit()
    {
        var (with, without) = (Rows(erase: true), Rows(erase: false));
        Assert.Equal(with.Count, without.Count);
        for (var i = 0; i < with.Count; i++)
            Assert.Equal(Bits(without[i]), Bits(with[i]));

        // The erased person does not come back here: what others share with them stays as it was.
        static List<float[]> Rows(bool erase)
        {
            using var keys = Keys();
            var store = new FeatureStore(Every);
            var rows = new List<float[]>();
            var generator = new SeededGenerator(12);
            var timeMs = PaymentStream.FirstDayMs;
            for (ulong id = 1; id <= 400; id++)
            {
                if (erase && id == 200)
                    keys.Erase(Identity.Create("customer", Erased).Value);
                var payment = Next(keys, ref generator, ref timeMs, id, leave: id >= 200);
                var row = new float[Every.Schema.Count];
                Assert.True(store.Observe(payment, row).IsOk);
                rows.Add(row);
            }

            return rows;
        }
    }

    [Fact]
    public void An_export_finds_a_person_until_they_are_erased()
    {
        using var keys = Keys();
        var card = Identity.Create("card", "4000 0000 0000 0002").Value;
        var anna = Identity.Create("customer", "anna@example.org").Value;
        Assert.Null(keys.Link(anna, card));
        var bench = new Bench("otherwise allow");
        var decision = bench.With("card", FactValue.Of(keys.PseudonymOf(card).Value.ToString())).Decide().Entry;
        Assert.Single(Export(keys.PseudonymsOf(anna), decision).Decisions);
        keys.Erase(anna);
        Assert.Empty(Export(keys.PseudonymsOf(anna), decision).Decisions);

        // Coming back does not bring the past back.
        Assert.Null(keys.Link(anna, card));
        Assert.Empty(Export(keys.PseudonymsOf(anna), decision).Decisions);
    }

    [Fact]
    public void The_parties_of_a_payment_become_pseudonyms_and_the_customers_own_go_with_them()
    {
        using var keys = Keys();
        var entities = PaymentIdentities.Of(keys, (EntityKind.Customer, "anna"), (EntityKind.Card, "4000"), (EntityKind.Device, "phone"), (EntityKind.Merchant, "shop")).Value;
        Assert.Equal(keys.Find(Identity.Create("card", "4000").Value), entities[EntityKind.Card]);
        Assert.True(entities[EntityKind.Terminal].IsNone);
        var receipt = keys.Erase(Identity.Create("customer", "anna").Value);
        Assert.Equal((3, 1), (receipt.Keys.Length, keys.Count));
        Assert.Equal("card", PaymentIdentities.Of(keys, (EntityKind.Card, "")).Error.Field);
        Assert.Equal("card", PaymentIdentities.Of(keys, (EntityKind.Card, "1"), (EntityKind.Card, "2")).Error.Field);
    }

    [Fact]
    public void Features_the_journal_and_training_rows_take_no_identity_in_clear()
    {
        // Parties of a payment are of a type that only 128 bits fit in; facts that are identities, and shoppers, are checked.
        Assert.All(typeof(EntityKeys).GetProperties().Where(static property => property.GetIndexParameters().Length == 1), static property => Assert.Equal(typeof(Pseudonym), property.PropertyType));
        var bench = new Bench("otherwise allow").With("card", FactValue.Of("4000 0000 0000 0002"));
        Assert.Equal("facts.card", bench.Engine.Decide(bench.Request()).Error.Field);
        Assert.False(Pseudonym.IsWellFormed("anna@example.org"));
        Assert.False(Pseudonym.IsWellFormed("4000000000000002"));
        Assert.True(Pseudonym.IsWellFormed(Pseudonym.OfNumber(1).ToString()));
    }

    private static SubjectKeys Keys() => SubjectKeys.Open(new CrashingKeyStorage(), Master, new Xoshiro256(5)).Value;

    private static PaymentEvent Next(SubjectKeys keys, ref SeededGenerator generator, ref long timeMs, ulong id, bool leave = false)
    {
        var payment = PaymentStream.Next(ref generator, ref timeMs, id, People);
        var number = payment.Entity(EntityKind.Customer).Low;
        if (leave && number == 3)
            number = 4;
        var parties = payment.Entities;
        parties[EntityKind.Customer] = keys.PseudonymOf(Identity.Create("customer", $"person {number}").Value).Value;
        return new PaymentEvent { Id = id, TimeMs = payment.TimeMs, AmountMinor = payment.AmountMinor, Category = payment.Category, Place = payment.Place, Entities = parties };
    }

    private static int[] Bits(float[] row) => Array.ConvertAll(row, BitConverter.SingleToInt32Bits);

    private static byte[] Saved(FeatureStore store)
    {
        using var stream = new MemoryStream();
        store.SaveTo(stream);
        return stream.ToArray();
    }

    private static PersonExport Export(IReadOnlySet<string> pseudonyms, DecisionEntry decision) => PersonExporter.Export(
        [new JournalItem(new Sequence(1), Samples.Time, new SchemaEntry(Shop.Schema)), new JournalItem(new Sequence(2), Samples.Time, decision)],
        pseudonyms,
        [],
        ProtectedAttributes.Usual);
}
