using Tributary.Intelligence.Journal.Entries;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Intelligence.Tests.Journal.Entries;

public sealed class EntryCodecTests
{
    public static TheoryData<int> Entries => [.. Enumerable.Range(0, Samples.All.Count)];

    [Theory]
    [MemberData(nameof(Entries))]
    public void Every_entry_reads_back_as_it_was_written(int index)
    {
        var entry = Samples.All[index];
        var body = Body(entry);
        var read = EntryCodec.Read((byte)entry.Kind, entry.Version, body);
        Assert.NotNull(read);
        Assert.Equal(entry.GetType(), read.GetType());
        Assert.Equal(Convert.ToHexString(body), Convert.ToHexString(Body(read)));
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void No_cut_or_longer_body_is_taken(int index)
    {
        var entry = Samples.All[index];
        var body = Body(entry);
        for (var length = 0; length < body.Length; length++)
            Assert.Null(EntryCodec.Read((byte)entry.Kind, entry.Version, body.AsSpan(0, length)));
        Assert.Null(EntryCodec.Read((byte)entry.Kind, entry.Version, [.. body, 0]));
    }

    [Fact]
    public void A_schema_that_was_journalled_compiles_the_same_policies()
    {
        var entry = Assert.IsType<SchemaEntry>(EntryCodec.Read((byte)EntryKind.Schema, 1, Body(new SchemaEntry(Policy.Shop.Schema))));
        Assert.Equal(SchemaEntry.HashOf(Policy.Shop.Schema), SchemaEntry.HashOf(entry.Schema));
        Assert.True(Tributary.Intelligence.Policy.PolicyCompiler.Compile("block if :device: = 'phone' and count per card in 1h > 3 and in @trusted and :amount_eur: > 5.25", entry.Schema).IsOk);
    }

    [Fact]
    public void A_newer_kind_or_version_is_kept_as_it_is()
    {
        var unknown = Assert.IsType<UnknownEntry>(EntryCodec.Read(200, 1, [1, 2, 3]));
        Assert.Equal(new byte[] { 1, 2, 3 }, Body(unknown));
        Assert.IsType<UnknownEntry>(EntryCodec.Read((byte)EntryKind.Decision, 2, Body(Samples.Decision())));
    }

    [Fact]
    public void Any_body_of_any_kind_is_read_or_refused() =>
        Fuzz.Run(
            [.. Samples.All.Select(entry => (byte[])[(byte)entry.Kind, .. Body(entry)])],
            static bytes =>
            {
                if (bytes.Length > 0)
                    EntryCodec.Read(bytes[0], 1, bytes[1..]);
            },
            iterations: 20_000,
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 16_384));

    private static byte[] Body(JournalEntry entry)
    {
        var writer = new ByteWriter();
        entry.WriteBody(writer);
        return writer.ToArray();
    }
}
