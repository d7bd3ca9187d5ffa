using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Privacy.Storage;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Intelligence.Tests.Privacy.Storage;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Randomness;
using Tributary.Primitives.Results;
using Tributary.Testing;

namespace Tributary.Intelligence.Tests.Privacy;

public sealed class SubjectKeysTests
{
    private const int RecordLength = 128;

    private static readonly byte[] Master = SHA256.HashData("master"u8);
    private static readonly Identity Anna = Id("customer", "anna@example.org");
    private static readonly Identity Bert = Id("customer", "bert@example.org");
    private static readonly Identity Card = Id("card", "4000 0000 0000 0002");
    private static readonly Identity Tablet = Id("device", "the family's tablet");

    [Fact]
    public void A_pseudonym_is_an_HMAC_of_the_identity_under_a_key_of_its_own()
    {
        var entropy = new RecordingEntropy();
        using var keys = Open(new CrashingKeyStorage(), entropy: entropy);
        var pseudonym = keys.PseudonymOf(Anna).Value;

        // Drawn before: the key of locators and the nonce of the header; after: the nonce of the record.
        var key = entropy.Draws[2];
        Assert.Equal(32, key.Length);
        Assert.Equal(Pseudonym.FromBytes(HMACSHA256.HashData(key, "customer\0anna@example.org"u8.ToArray())), pseudonym);
        Assert.Equal(pseudonym, keys.PseudonymOf(Id("customer", "anna@example.org")).Value);
        Assert.Equal(pseudonym, keys.Find(Anna));
    }

    [Fact]
    public void Domains_and_values_do_not_run_into_each_other()
    {
        using var keys = Open(new CrashingKeyStorage());
        var seen = new[] { Anna, Bert, Id("device", "anna@example.org"), Id("a", "b\0c"), Id("a", "b"), Id("ab", "c") }.Select(identity => keys.PseudonymOf(identity).Value).ToHashSet();
        Assert.Equal(6, seen.Count);
        Assert.True(keys.Find(Card).IsNone);
    }

    [Fact]
    public void What_was_committed_is_there_after_opening_again()
    {
        var storage = new CrashingKeyStorage();
        Pseudonym anna, card;
        using (var keys = Open(storage))
        {
            (anna, card) = (keys.PseudonymOf(Anna).Value, keys.PseudonymOf(Card).Value);
            Assert.Null(keys.Link(Anna, Card));
            keys.Commit();
        }

        using var again = Open(storage);
        Assert.Equal((anna, card), (again.Find(Anna), again.Find(Card)));
        Assert.Equal(2, again.PseudonymsOf(Anna).Count);
    }

    [Fact]
    public void Nothing_on_disk_says_who_it_is_or_shows_a_key_or_a_pseudonym()
    {
        var (storage, entropy) = (new CrashingKeyStorage(), new RecordingEntropy());
        using var keys = Open(storage, entropy: entropy);
        var pseudonym = new byte[Pseudonym.Length];
        keys.PseudonymOf(Anna).Value.WriteTo(pseudonym);
        keys.Commit();
        var bytes = storage.All().AsSpan();
        Assert.Equal(-1, bytes.IndexOf("anna"u8));
        Assert.Equal(-1, bytes.IndexOf(pseudonym));
        Assert.Equal(-1, bytes.IndexOf(entropy.Draws[0]));
        Assert.Equal(-1, bytes.IndexOf(entropy.Draws[2]));
        Assert.DoesNotContain("anna", Anna.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_erased_identity_has_no_way_back_and_comes_back_as_somebody_else()
    {
        var (storage, entropy) = (new CrashingKeyStorage(), new RecordingEntropy());
        using var keys = Open(storage, entropy: entropy);
        var (anna, bert) = (keys.PseudonymOf(Anna).Value, keys.PseudonymOf(Bert).Value);
        keys.Commit();
        var record = storage.All().AsSpan(2 * RecordLength, RecordLength).ToArray();
        Assert.Equal([1], keys.Erase(Anna).Keys);

        // No part of the record is left: not the sealed key, not what found it.
        var left = storage.All().AsSpan();
        Assert.Equal(-1, left.IndexOf(record.AsSpan(28, 16)));
        Assert.Equal(-1, left.IndexOf(record.AsSpan(44, 12)));
        Assert.Equal(-1, left.IndexOf(record.AsSpan(56, 48)));
        Assert.True(keys.Find(Anna).IsNone);
        Assert.Empty(keys.PseudonymsOf(Anna));
        using (var again = Open(storage, entropy: new Xoshiro256(7)))
        {
            Assert.True(again.Find(Anna).IsNone);
            Assert.Equal(bert, again.Find(Bert));
            Assert.NotEqual(anna, again.PseudonymOf(Anna).Value);
        }

        Assert.NotEqual(anna, keys.PseudonymOf(Anna).Value);
        Assert.Equal(bert, keys.Find(Bert));
        Assert.Empty(keys.Erase(Card).Keys);
    }

    [Fact]
    public void A_person_goes_with_what_is_theirs_alone_and_what_is_shared_stays()
    {
        var storage = new CrashingKeyStorage();
        using var keys = Open(storage);
        var (card, tablet) = (keys.PseudonymOf(Card).Value, keys.PseudonymOf(Tablet).Value);
        Assert.Null(keys.Link(Anna, Card) ?? keys.Link(Anna, Tablet) ?? keys.Link(Bert, Tablet) ?? keys.Link(Anna, Card));

        // An export leaves out what would tell of somebody else.
        Assert.True(keys.PseudonymsOf(Anna).SetEquals([keys.Find(Anna).ToString(), card.ToString()]));
        var receipt = keys.Erase(Anna);
        Assert.Equal((2, 1), (receipt.Keys.Length, receipt.Shared));
        Assert.True(keys.Find(Card).IsNone);
        Assert.Equal(tablet, keys.Find(Tablet));
        Assert.Equal(2, keys.PseudonymsOf(Bert).Count);
        using (var again = Open(storage))
        {
            Assert.Equal(2, again.Count);
            Assert.Equal(2, again.PseudonymsOf(Bert).Count);
        }

        Assert.Equal(2, keys.Erase(Bert).Keys.Length);
        Assert.Equal(0, keys.Count);
    }

    [Fact]
    public void A_family_erased_at_once_takes_along_what_it_shares()
    {
        using var keys = Open(new CrashingKeyStorage());
        Assert.Null(keys.Link(Anna, Tablet) ?? keys.Link(Bert, Tablet));
        var receipt = keys.Erase(Anna, Bert);
        Assert.Equal((3, 0), (receipt.Keys.Length, receipt.Shared));
    }

    [Fact]
    public void Erasing_an_identity_leaves_its_person()
    {
        using var keys = Open(new CrashingKeyStorage());
        var anna = keys.PseudonymOf(Anna).Value;
        Assert.Null(keys.Link(Anna, Card));
        Assert.Single(keys.Erase(Card).Keys);
        Assert.True(keys.PseudonymsOf(Anna).SetEquals([anna.ToString()]));
        Assert.Null(keys.Link(Anna, Card));
        Assert.Equal(2, keys.PseudonymsOf(Anna).Count);
    }

    [Fact]
    public void A_backup_that_brings_keys_back_is_cleansed_by_the_receipts()
    {
        var storage = new CrashingKeyStorage();
        using var keys = Open(storage);
        Assert.Null(keys.Link(Anna, Card));
        var bert = keys.PseudonymOf(Bert).Value;
        keys.Commit();
        var backup = storage.Copy();
        var receipt = keys.Erase(Anna);

        using var restored = Open(backup);
        Assert.False(restored.Find(Anna).IsNone);
        Assert.Equal(2, restored.Reapply([receipt]));
        Assert.True(restored.Find(Anna).IsNone && restored.Find(Card).IsNone);
        Assert.Equal(bert, restored.Find(Bert));
        Assert.Equal(0, restored.Reapply([receipt]));
    }

    [Fact]
    public void Another_master_key_seals_all_anew_and_the_old_one_opens_nothing()
    {
        var storage = new CrashingKeyStorage();
        var other = SHA256.HashData("other"u8);
        using var keys = Open(storage);
        Assert.Null(keys.Link(Anna, Card));
        var (anna, bert) = (keys.PseudonymOf(Anna).Value, keys.PseudonymOf(Bert).Value);
        keys.Erase(Bert);
        var before = storage.Copy().All();
        Assert.Null(keys.Rotate(other));
        Assert.Equal([2], storage.Segments);
        Assert.Equal(-1, storage.All().AsSpan().IndexOf(before.AsSpan((2 * RecordLength) + 56, 48)));
        Assert.Equal("master key", Refused(storage, Master).Field);
        using var again = Open(storage, other);
        Assert.Equal(anna, again.Find(Anna));
        Assert.Equal(2, again.PseudonymsOf(Anna).Count);
        Assert.NotEqual(bert, again.PseudonymOf(Bert).Value);

        // Numbers go on: a receipt from before never meets a later key.
        Assert.Equal([4], again.Erase(Bert).Keys);
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Assert.Equal("domain", Identity.Create("", "x").Error.Field);
        Assert.Equal("domain", Identity.Create("E-Mail", "x").Error.Field);
        Assert.Equal("card", Identity.Create("card", "").Error.Field);
        Assert.Equal("card", Identity.Create("card", new string('x', 1_025)).Error.Field);
        Assert.Equal("card", Identity.Create("card", new string('ä', 600)).Error.Field);
        Assert.Equal("card", Identity.Create("card", "\ud800").Error.Field);
        Assert.Equal("master key", Refused(new CrashingKeyStorage(), new byte[31]).Field);
        using var few = SubjectKeys.Open(new CrashingKeyStorage(), Master, new Xoshiro256(1), new SubjectKeyOptions { MaxIdentities = 3, MaxLinksPerPerson = 1 }).Value;
        Assert.Null(few.Link(Anna, Card));
        Assert.Equal("device", few.Link(Anna, Tablet)!.Field);
        Assert.Equal("customer", few.PseudonymOf(Bert).Error.Field);
        Assert.Equal("master key", few.Rotate([1])!.Field);
        few.Erase(Card);
        Assert.Null(few.Link(Anna, Tablet));
    }

    [Fact]
    public void After_a_failed_write_nothing_more_is_promised()
    {
        var storage = new CrashingKeyStorage();
        using var keys = Open(storage);
        keys.PseudonymOf(Anna);
        storage.OperationsLeft = 1;
        Assert.Throws<IOException>(keys.Commit);
        Assert.Throws<InvalidOperationException>(() => keys.PseudonymOf(Bert));
        Assert.Throws<InvalidOperationException>(keys.Commit);
    }

    [Fact]
    public void Whatever_a_crash_interrupts_acknowledged_keys_stay_and_erased_ones_are_gone() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll((int seed) =>
        {
            var variates = new Variates(new Xoshiro256((ulong)seed));
            var storage = new CrashingKeyStorage();
            var known = new Dictionary<int, Pseudonym>();
            for (var life = 0; life < 4; life++)
            {
                // The first life begins the store before anything can fail.
                using var keys = Open(storage, entropy: new Xoshiro256((ulong)seed + (ulong)life + 100));
                foreach (var (person, pseudonym) in known)
                    Assert.Equal(pseudonym, keys.Find(Id("customer", $"p{person}")));
                storage.OperationsLeft = variates.NextIndex(30);
                var (uncommitted, erasing) = (new Dictionary<int, Pseudonym>(), -1);
                try
                {
                    for (var step = 0; step < 40; step++)
                        Step(keys, variates, known, uncommitted, ref erasing);
                }
                catch (IOException)
                {
                    // The power fails in the middle.
                }

                storage = storage.Crash(variates);
                if (erasing >= 0)
                    known.Remove(erasing);
            }
        }));

    [Fact]
    public void An_erasure_that_was_interrupted_anywhere_is_finished_by_the_next_opening_or_never_was()
    {
        var (finished, never) = (0, 0);
        for (var operations = 0; operations < 12; operations++)
        {
            var storage = new CrashingKeyStorage();
            using var keys = Open(storage);
            Assert.Null(keys.Link(Anna, Card));
            var (anna, bert) = (keys.PseudonymOf(Anna).Value, keys.PseudonymOf(Bert).Value);
            keys.Commit();
            var before = storage.All();
            storage.OperationsLeft = operations;
            try
            {
                keys.Erase(Anna);
            }
            catch (IOException)
            {
                // The power fails in the middle.
            }

            storage = storage.Crash(new Variates(new Xoshiro256((ulong)operations)));
            using var again = Open(storage);
            Assert.Equal(bert, again.Find(Bert));
            if (again.Find(Anna).IsNone)
            {
                finished++;
                Assert.True(again.Find(Card).IsNone);

                // Records 2 to 4: Anna's key, the card's, and what tied them.
                foreach (var record in new[] { 2, 3, 4 })
                    Assert.Equal(-1, storage.All().AsSpan().IndexOf(before.AsSpan((record * RecordLength) + 4, 64)));
            }
            else
            {
                never++;
                Assert.Equal(anna, again.Find(Anna));
                Assert.Equal(2, again.PseudonymsOf(Anna).Count);
            }
        }

        Assert.True(finished > 2 && never > 0, $"{finished} finished, {never} never were");
    }

    [Fact]
    public void Any_damage_is_refused_or_costs_keys_but_never_gives_another_pseudonym() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll((ushort place, byte mask) =>
        {
            var storage = new CrashingKeyStorage();
            using var keys = Open(storage);
            var (anna, card) = (keys.PseudonymOf(Anna).Value, keys.PseudonymOf(Card).Value);
            Assert.Null(keys.Link(Anna, Card));
            keys.Commit();
            var bert = keys.PseudonymOf(Bert).Value;
            keys.Commit();
            var offset = place % (int)storage.Length(1);
            storage.Flip(1, offset, (byte)(mask | 1));
            if (!SubjectKeys.Open(storage, Master, new Xoshiro256(9)).TryGet(out var again, out _))
                return;
            using (again)
            {
                Assert.True(again.Find(Anna) == anna && again.Find(Card) == card && again.PseudonymsOf(Anna).Count == 2);
                Assert.True(again.Find(Bert) == bert || (again.Find(Bert).IsNone && offset >= 6 * RecordLength));
            }
        }));

    [Fact]
    public void Any_bytes_are_keys_or_refused()
    {
        var (storage, used) = (new CrashingKeyStorage(), new CrashingKeyStorage());
        Open(storage).Dispose();
        using (var keys = Open(used))
        {
            Assert.Null(keys.Link(Anna, Card) ?? keys.Link(Bert, Tablet));
            keys.Erase(Anna);
        }

        Fuzz.Run(
            [storage.All(), used.All()],
            static bytes =>
            {
                var any = new CrashingKeyStorage();
                any.Append(1, bytes);
                any.Sync(1);
                if (SubjectKeys.Open(any, Master, new Xoshiro256(1)).TryGet(out var keys, out _))
                    keys.Dispose();
            },
            iterations: 500,
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 131_072));
    }

    [Fact]
    public void Files_hold_keys_and_lose_erased_ones()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-keys").FullName;
        try
        {
            Pseudonym anna;
            byte[] before;
            using (var storage = new FileSubjectKeyStorage(folder))
            {
                using var keys = Open(storage);
                anna = keys.PseudonymOf(Anna).Value;
                keys.PseudonymOf(Bert);
                keys.Commit();
                before = ReadAll(folder);
                keys.Erase(Bert);
                Assert.Throws<IOException>(() => Open(new FileSubjectKeyStorage(folder)));
            }

            Assert.Equal(-1, ReadAll(folder).AsSpan().IndexOf(before.AsSpan((3 * RecordLength) + 56, 48)));
            using (var storage = new FileSubjectKeyStorage(folder))
            {
                using var keys = Open(storage);
                Assert.Equal(anna, keys.Find(Anna));
                Assert.True(keys.Find(Bert).IsNone);
                Assert.Null(keys.Rotate(SHA256.HashData("other"u8)));
            }

            Assert.Equal("subject-keys-00000002.tks", Path.GetFileName(Assert.Single(Directory.GetFiles(folder, "*.tks"))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Step(SubjectKeys keys, Variates variates, Dictionary<int, Pseudonym> known, Dictionary<int, Pseudonym> uncommitted, ref int erasing)
    {
        var person = variates.NextIndex(12);
        var identity = Id("customer", $"p{person}");
        switch (variates.NextIndex(4))
        {
            case 0 or 1:
                if (!known.ContainsKey(person))
                    uncommitted[person] = keys.PseudonymOf(identity).Value;
                Assert.Null(keys.Link(identity, Id("device", $"of p{person}")) ?? keys.Link(identity, Id("device", $"shared {person / 3}")));
                break;
            case 2:
                keys.Commit();
                Acknowledge();
                break;
            default:
                erasing = person;
                keys.Erase(identity);
                Assert.True(keys.Find(identity).IsNone);
                erasing = -1;
                known.Remove(person);
                uncommitted.Remove(person);
                break;
        }

        void Acknowledge()
        {
            foreach (var (number, pseudonym) in uncommitted)
                known[number] = pseudonym;
            uncommitted.Clear();
        }
    }

    private static byte[] ReadAll(string folder) => [.. Directory.GetFiles(folder, "*.tks").SelectMany(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    })];

    private static Identity Id(string domain, string value) => Identity.Create(domain, value).Value;

    private static SubjectKeys Open(ISubjectKeyStorage storage, byte[]? master = null, IEntropy? entropy = null) =>
        SubjectKeys.Open(storage, master ?? Master, entropy ?? new Xoshiro256(1)).Value;

    private static Refusal Refused(ISubjectKeyStorage storage, byte[] master) => SubjectKeys.Open(storage, master, new Xoshiro256(1)).Error;

    private sealed class RecordingEntropy : IEntropy
    {
        private readonly Xoshiro256 _source = new(3);

        public List<byte[]> Draws { get; } = [];

        public void Fill(Span<byte> destination)
        {
            _source.Fill(destination);
            Draws.Add(destination.ToArray());
        }
    }
}
