using System.Text.Json;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Messages;

/// <summary>The query messages of BOLT 7 against its vectors.</summary>
public sealed class GossipQueryTests
{
    [Fact]
    public void The_vectors_are_read_written_and_mean_what_they_say()
    {
        using var vectors = Vectors.Json("lightning/bolt07_extended-queries.json");
        var (count, compressed) = (0, 0);
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            count++;
            var hex = vector.GetProperty("hex").GetString()!;
            var expected = vector.GetProperty("msg");
            var message = LightningMessage.Read(TestKeys.Bytes(hex)).Value;
            Assert.Equal(expected.GetProperty("type").GetString(), message.Type.ToString());
            Assert.Equal(hex, Convert.ToHexStringLower(message.ToArray()));
            switch (message)
            {
                case QueryChannelRange query:
                    Assert.Equal(expected.GetProperty("firstBlockNum").GetUInt32(), query.FirstBlock);
                    Assert.Equal(expected.GetProperty("numberOfBlocks").GetUInt32(), query.NumberOfBlocks);
                    break;
                case ReplyChannelRange reply:
                    Assert.Equal(expected.GetProperty("firstBlockNum").GetUInt32(), reply.FirstBlock);
                    compressed += CheckIds(expected, reply.EncodedShortIds);
                    CheckExtension(expected, reply);
                    break;
                case QueryShortChannelIds query:
                    compressed += CheckIds(expected, query.EncodedShortIds);
                    break;
                default:
                    Assert.Fail($"{message.Type} is no query");
                    break;
            }
        }

        Assert.True(count >= 10);
        Assert.True(compressed > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("0000")]
    [InlineData("0000000000000000020000000000000001")]
    [InlineData("0000000000000000010000000000000001")]
    public void Broken_arrays_of_ids_are_refused(string hex) => Assert.False(EncodedIds.ReadIds(TestKeys.Bytes(hex)).IsOk);

    [Fact]
    public void Any_bytes_are_an_array_or_refused() =>
        Fuzz.Run(
            [EncodedIds.WriteIds([new ShortChannelId(1), new ShortChannelId(2)]), EncodedIds.WriteQueryFlags([1, 300, 70000])],
            static input =>
            {
                if (EncodedIds.ReadIds(input).TryGet(out var ids))
                    Assert.True(input.SequenceEqual(EncodedIds.WriteIds(ids)));
                if (EncodedIds.ReadTimestamps(input).TryGet(out var timestamps))
                    Assert.True(input.SequenceEqual(EncodedIds.WriteTimestamps(timestamps)));
                if (EncodedIds.ReadChecksums(input).TryGet(out var checksums))
                    Assert.True(input.SequenceEqual(EncodedIds.WriteChecksums(checksums)));
                if (EncodedIds.ReadQueryFlags(input).TryGet(out var flags))
                    Assert.True(input.SequenceEqual(EncodedIds.WriteQueryFlags(flags)));
            },
            limits: new FuzzLimits(BytesPerInputByte: 128));

    private static int CheckIds(JsonElement expected, ReadOnlyMemory<byte> encoded)
    {
        var ids = EncodedIds.ReadIds(encoded.Span);
        var array = expected.GetProperty("shortChannelIds");
        if (!array.GetProperty("encoding").ValueEquals("UNCOMPRESSED"))
        {
            Assert.Equal("encoded_short_ids", ids.Error.Field);
            return 1;
        }

        Assert.Equal(
            array.GetProperty("array").EnumerateArray().Select(static id => id.GetString()!), ids.Value.Select(static id => id.ToString()), StringComparer.Ordinal);
        return 0;
    }

    private static void CheckExtension(JsonElement expected, ReplyChannelRange reply)
    {
        if (expected.TryGetProperty("timestamps", out var timestamps) && timestamps.GetProperty("encoding").ValueEquals("UNCOMPRESSED"))
        {
            var pairs = EncodedIds.ReadTimestamps(reply.Timestamps!.Value.Span).Value;
            Assert.Equal(
                timestamps.GetProperty("timestamps").EnumerateArray().Select(static pair => (pair.GetProperty("timestamp1").GetUInt32(), pair.GetProperty("timestamp2").GetUInt32())),
                pairs.Select(static pair => (pair.First, pair.Second)));
        }

        if (expected.TryGetProperty("checksums", out var checksums))
        {
            var pairs = EncodedIds.ReadChecksums(reply.Checksums!.Value.Span).Value;
            Assert.Equal(
                checksums.GetProperty("checksums").EnumerateArray().Select(static pair => (pair.GetProperty("checksum1").GetUInt32(), pair.GetProperty("checksum2").GetUInt32())),
                pairs.Select(static pair => (pair.First, pair.Second)));
        }
    }
}
