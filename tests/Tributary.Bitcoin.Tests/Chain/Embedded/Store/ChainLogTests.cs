using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded.Store;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Storage.Files;

namespace Tributary.Bitcoin.Tests.Chain.Embedded.Store;

public sealed class ChainLogTests
{
    private static readonly BlockHash s_genesis = BitcoinNetwork.Regtest.GenesisHash;

    [Fact]
    public async Task Records_come_back_in_order_and_can_be_read_before_and_after_they_are_durable()
    {
        var directory = new MemoryDirectory();
        var log = Open(directory, out _);
        log.Append(LogRecordKind.Block, [1, 2, 3]);
        log.Append(LogRecordKind.Tip, []);
        await log.CommitAsync();
        var place = log.Append(LogRecordKind.Entered, [9, 8]);
        Assert.Equal([9, 8], log.Read(place));
        await log.CommitAsync();
        Assert.Equal([9, 8], log.Read(place));
        await log.DisposeAsync();

        await using var again = Open(directory, out var records);

        Assert.Equal([(LogRecordKind.Block, "010203"), (LogRecordKind.Tip, ""), (LogRecordKind.Entered, "0908")], records);
    }

    [Fact]
    public async Task What_was_not_committed_is_not_there()
    {
        var directory = new MemoryDirectory();
        await using (var log = Open(directory, out _))
            log.Append(LogRecordKind.Block, [1]);

        await using var again = Open(directory, out var records);

        Assert.Empty(records);
    }

    [Fact]
    public async Task The_chain_of_another_network_is_refused()
    {
        var directory = new MemoryDirectory();
        await using (var log = Open(directory, out _))
        {
            log.Append(LogRecordKind.Block, [1]);
            await log.CommitAsync();
        }

        var other = new ChainLog(directory, BitcoinNetwork.Signet.GenesisHash, SystemEntropy.Instance);
        Assert.Contains("is a log for", other.Open(static (_, _, _) => null)!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_records_come_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[][] payloads, int everyFew) => ComeBackAsync(payloads, everyFew).GetAwaiter().GetResult()));

    private static async Task<bool> ComeBackAsync(byte[][] payloads, int everyFew)
    {
        var directory = new MemoryDirectory();
        await using (var log = Open(directory, out _))
        {
            var count = 0;
            foreach (var payload in payloads)
            {
                log.Append(LogRecordKind.Entered, payload);
                if (++count % (1 + Math.Abs(everyFew % 5)) == 0)
                    await log.CommitAsync();
            }

            await log.CommitAsync();
        }

        await using var again = Open(directory, out var records);
        return records.Select(static record => record.Payload).SequenceEqual(payloads.Select(Convert.ToHexStringLower), StringComparer.Ordinal);
    }

    private static ChainLog Open(IStorageDirectory directory, out List<(LogRecordKind Kind, string Payload)> records)
    {
        var opened = new List<(LogRecordKind, string)>();
        var log = new ChainLog(directory, s_genesis, SystemEntropy.Instance);
        Assert.Null(log.Open((kind, _, payload) =>
        {
            opened.Add((kind, Convert.ToHexStringLower(payload)));
            return null;
        }));
        records = opened;
        return log;
    }
}
