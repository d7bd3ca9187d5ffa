using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded.Store;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Chain.Embedded.Store;

public sealed class ChainLogTests
{
    private static readonly BlockHash s_genesis = BitcoinNetwork.Regtest.GenesisHash;

    [Fact]
    public void Records_come_back_in_order_frame_by_frame()
    {
        var file = new FaultyLogFile([]);
        var log = Open(file, out _);
        log.Append(LogRecordKind.Block, [1, 2, 3]);
        log.Append(LogRecordKind.Tip, []);
        log.Commit();
        var offset = log.Append(LogRecordKind.Entered, [9, 8]);
        Assert.Equal([9, 8], log.Read(offset, 2));
        log.Commit();
        Assert.Equal([9, 8], log.Read(offset, 2));

        Open(new FaultyLogFile(file.Durable), out var records);

        Assert.Equal([(LogRecordKind.Block, "010203"), (LogRecordKind.Tip, ""), (LogRecordKind.Entered, "0908")], records);
    }

    [Fact]
    public void What_was_not_committed_is_not_there()
    {
        var file = new FaultyLogFile([]);
        var log = Open(file, out _);
        log.Append(LogRecordKind.Block, [1]);

        Open(new FaultyLogFile(file.Written), out var records);

        Assert.Empty(records);
    }

    [Fact]
    public void A_file_cut_off_anywhere_has_every_frame_that_ended_before()
    {
        var (bytes, ends) = ThreeFrames();
        for (var length = 0; length <= bytes.Length; length++)
        {
            var file = new FaultyLogFile(bytes[..length]);
            var log = Open(file, out var records);
            Assert.Equal(ends.Count(end => end <= length), records.Count);

            // And it can be written on.
            log.Append(LogRecordKind.Left, [7]);
            log.Commit();
            Open(new FaultyLogFile(file.Durable), out var again);
            Assert.Equal([.. records, (LogRecordKind.Left, "07")], again);
        }
    }

    [Fact]
    public void A_last_frame_with_any_bit_flipped_is_cut_off()
    {
        var (bytes, ends) = ThreeFrames();
        for (var at = ends[^2]; at < bytes.Length; at++)
        {
            var broken = bytes.ToArray();
            broken[at] ^= 0x10;
            var file = new FaultyLogFile(broken);
            Open(file, out var records);
            Assert.Equal(2, records.Count);
            Assert.Equal(ends[^2], file.Durable.Length);
        }
    }

    [Fact]
    public void An_earlier_frame_with_any_bit_flipped_is_damage_and_nothing_is_cut_off()
    {
        var (bytes, ends) = ThreeFrames();
        for (var at = 0; at < ends[^2]; at++)
        {
            var broken = bytes.ToArray();
            broken[at] ^= 0x10;
            var file = new FaultyLogFile(broken);
            Assert.False(TryOpen(file, out _, out var refusal), $"A bit at {at} went unnoticed.");
            Assert.Equal("chain file", refusal!.Field);
            Assert.Equal(broken, file.Written);
        }
    }

    [Fact]
    public void A_tail_of_zeros_is_the_trace_of_a_crash()
    {
        var (bytes, _) = ThreeFrames();

        var file = new FaultyLogFile([.. bytes, .. new byte[100_000]]);
        Open(file, out var records);

        Assert.Equal(3, records.Count);
        Assert.Equal(bytes.Length, file.Durable.Length);
    }

    [Theory]
    [InlineData("is no chain of this program", 0)]
    [InlineData("has version 3; this program reads version 1", 8)]
    [InlineData("belongs to another network, or its header is damaged", 12)]
    public void Another_file_is_refused_with_what_it_is(string reason, int at)
    {
        var (bytes, _) = ThreeFrames();
        bytes[at] ^= 2;

        Assert.False(TryOpen(new FaultyLogFile(bytes), out _, out var refusal));

        Assert.Equal(reason, refusal!.Reason);
    }

    [Fact]
    public void Any_records_come_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[][] payloads, int everyFew) =>
        {
            var file = new FaultyLogFile([]);
            var log = Open(file, out _);
            var count = 0;
            foreach (var payload in payloads)
            {
                log.Append(LogRecordKind.Entered, payload);
                if (++count % (1 + (Math.Abs(everyFew % 5))) == 0)
                    log.Commit();
            }

            log.Commit();
            Open(new FaultyLogFile(file.Durable), out var records);
            return records.Select(static record => record.Payload).SequenceEqual(payloads.Select(Convert.ToHexStringLower), StringComparer.Ordinal);
        }));

    [Fact]
    public void No_file_makes_it_throw()
    {
        var (bytes, _) = ThreeFrames();
        // The target's own test disk copies; the log itself reads into buffers of what is present.
        Fuzz.Run([bytes], static input => TryOpen(new FaultyLogFile(input.ToArray()), out _, out _), limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 400_000));
    }

    private static (byte[] Bytes, List<int> Ends) ThreeFrames()
    {
        var file = new FaultyLogFile([]);
        var log = Open(file, out _);
        foreach (var payload in new byte[][] { [1, 2, 3], [4], [5, 6, 7, 8, 9] })
        {
            log.Append(LogRecordKind.Entered, payload);
            log.Commit();
        }

        return (file.Durable, file.Flushed[1..]);
    }

    private static ChainLog Open(ILogFile file, out List<(LogRecordKind Kind, string Payload)> records)
    {
        var opened = new List<(LogRecordKind, string)>();
        var log = ChainLog.Open(file, s_genesis).Value;
        Assert.Null(log.Replay((kind, _, payload) =>
        {
            opened.Add((kind, Convert.ToHexStringLower(payload)));
            return null;
        }));
        records = opened;
        return log;
    }

    private static bool TryOpen(ILogFile file, out ChainLog? log, out Refusal? refusal)
    {
        if (ChainLog.Open(file, s_genesis).TryGet(out log, out refusal))
            refusal = log.Replay(static (_, _, _) => null);
        return refusal is null;
    }
}
