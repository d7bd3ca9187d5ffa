using Tributary.Finance.Accounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Tests.Signatures;

public sealed class SigningIndexTests
{
    private static readonly XmssPublicKey Key = new(new Bytes32([.. Enumerable.Repeat((byte)1, 32)]), new KeyParameters(KeyParameters.Xmss, 20));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static TreeDigest Message(ulong number)
    {
        var digest = default(TreeDigest);
        digest[0] = (uint)number & 0xffffff;
        digest[1] = (uint)(number >> 24) & 0xffffff;
        return digest;
    }

    private static SigningIndex Open(MemoryJournal journal, uint anchored = 0) => SigningIndex.Open(journal, Key, journal.Records, anchored).Value;

    [Fact]
    public async Task An_index_is_written_down_before_it_is_used_and_serves_one_message()
    {
        var journal = new MemoryJournal();
        var signing = Open(journal);
        Assert.Equal(0u, signing.Peek().Value);
        Assert.Null(await signing.ReserveAsync(0, Message(1), Token));
        Assert.Equal([new SigningRecord(0, Message(1))], journal.Records);
        Assert.Null(await signing.ReserveAsync(0, Message(1), Token));
        Assert.Single(journal.Records);
        Assert.Equal("index", (await signing.ReserveAsync(0, Message(2), Token))!.Field);
        Assert.Equal("index", (await signing.ReserveAsync(2, Message(2), Token))!.Field);
        Assert.Null(await signing.ReserveAsync(1, Message(2), Token));

        var again = Open(journal);
        Assert.Equal(2u, again.Next);
        Assert.Equal("index", (await again.ReserveAsync(1, Message(3), Token))!.Field);
        Assert.Null(await again.ReserveAsync(1, Message(2), Token));
    }

    [Fact]
    public async Task A_write_that_fails_spends_the_index_on_its_message()
    {
        var journal = new MemoryJournal { FailsAfter = 0 };
        var signing = Open(journal);
        await Assert.ThrowsAsync<IOException>(async () => await signing.ReserveAsync(0, Message(1), Token));
        Assert.Equal(1u, signing.Next);
        Assert.Equal("index", (await signing.ReserveAsync(0, Message(2), Token))!.Field);
        await Assert.ThrowsAsync<IOException>(async () => await signing.ReserveAsync(0, Message(1), Token));
        journal.FailsAfter = int.MaxValue;
        Assert.Null(await signing.ReserveAsync(0, Message(1), Token));
        Assert.Single(journal.Records);
    }

    [Fact]
    public async Task A_wallet_stays_within_a_window_of_what_is_anchored()
    {
        var signing = Open(new MemoryJournal(), 100);
        for (var i = 0u; i < SigningIndex.Window; i++)
            Assert.Null(await signing.ReserveAsync(100 + i, Message(i), Token));
        Assert.Equal("index", signing.Peek().Error.Field);
        Assert.Equal("index", (await signing.ReserveAsync(signing.Next, Message(9999), Token))!.Field);
        signing.Anchor(110);
        Assert.Equal(100 + SigningIndex.Window, signing.Peek().Value);
        signing.Unanchor(100);
        Assert.Equal("index", signing.Peek().Error.Field);
        signing.Anchor(5000);
        Assert.Equal(5000u, signing.Peek().Value);
        signing.Anchor(10);
        Assert.Equal(5000u, signing.Peek().Value);
    }

    [Fact]
    public async Task A_restored_wallet_jumps_over_what_may_be_spent_and_rotates()
    {
        var signing = SigningIndex.Restore(new MemoryJournal(), Key, 100);
        Assert.True(signing.MustRotate);
        Assert.Equal(100 + SigningIndex.Window, signing.Peek().Value);
        Assert.Equal("index", (await signing.ReserveAsync(Key.Parameters.LastIndex, Message(1), Token))!.Field);
        Assert.Null(await signing.ReserveAsync(100 + SigningIndex.Window, Message(1), Token));
    }

    [Fact]
    public async Task The_last_index_signs_the_rotation_and_once()
    {
        var last = Key.Parameters.LastIndex;
        var journal = new MemoryJournal();
        var signing = Open(journal, last - 1);
        Assert.Null(await signing.ReserveAsync(last - 1, Message(1), Token));
        Assert.Equal("index", signing.Peek().Error.Field);
        Assert.Null(await signing.ReserveAsync(last, Message(2), Token));
        Assert.Equal("index", (await signing.ReserveAsync(last, Message(3), Token))!.Field);
        Assert.Equal("index", (await Open(journal, last).ReserveAsync(last, Message(3), Token))!.Field);
        Assert.False(SigningIndex.Open(journal, Key, [.. journal.Records, new SigningRecord(last, Message(8))], 0).IsOk);
    }

    [Fact]
    public async Task No_index_ever_signs_two_messages_through_crashes_failed_writes_and_restores()
    {
        var random = new TestRandom(21);
        var released = new Dictionary<uint, TreeDigest>();
        var journal = new MemoryJournal();
        var anchored = 0u;
        var signing = Open(journal);
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(40))
            {
                case 0:
                    signing = Open(journal, anchored);
                    break;
                case 1:
                    journal.FailsAfter = journal.Records.Count + random.Next(4);
                    break;
                case 2:
                    anchored = Math.Max(anchored, released.Keys.DefaultIfEmpty(0u).Max() - (uint)Math.Min(random.Next(100), released.Keys.DefaultIfEmpty(0u).Max()));
                    signing.Anchor(anchored);
                    break;
                case 3 when random.Next(20) == 0:
                    // The disk is lost. What was released beyond the anchor lies within a window of it, or two after an earlier restore: that one is
                    // anchored before the next.
                    anchored = released.Keys.DefaultIfEmpty(0u).Max();
                    journal = new MemoryJournal();
                    signing = SigningIndex.Restore(journal, Key, anchored);
                    break;
                default:
                    var index = random.Next(5) == 0 ? (uint)Math.Max(0, (int)signing.Next - random.Next(5)) : signing.Next;
                    var message = released.TryGetValue(index, out var known) && random.Next(2) == 0 ? known : Message(random.NextUInt64());
                    try
                    {
                        if (await signing.ReserveAsync(index, message, Token) is null)
                            Assert.Equal(released.TryAdd(index, message) ? message : released[index], message);
                    }
                    catch (IOException)
                    {
                        journal.FailsAfter = int.MaxValue;
                        if (random.Next(2) == 0)
                            signing = Open(journal, anchored);
                    }

                    break;
            }
        }

        Assert.True(released.Count > 5000, $"{released.Count}");
    }

    [Fact]
    public async Task Signing_gives_the_same_bytes_for_the_same_message()
    {
        using var key = XmssKey.Create(new byte[32], new XmssKeyOptions { LogLifetime = 4 }, Token);
        var signing = SigningIndex.Open(new MemoryJournal(), key.PublicKey, [], 0).Value;
        var first = (await signing.SignAsync(key, 0, Message(5), Token)).Value;
        Assert.Equal(first, (await signing.SignAsync(key, 0, Message(5), Token)).Value);
        Assert.False((await signing.SignAsync(key, 0, Message(6), Token)).IsOk);
        Assert.Null(XmssVerifier.Verify(key.PublicKey, 0, Message(5), first));
    }

    private sealed class MemoryJournal : ISigningJournal
    {
        public List<SigningRecord> Records { get; } = [];

        /// <summary>Records from which on writing fails.</summary>
        public int FailsAfter { get; set; } = int.MaxValue;

        public ValueTask AppendAsync(SigningRecord record, CancellationToken cancellationToken)
        {
            if (Records.Count >= FailsAfter)
                throw new IOException("The disk is full.");
            Records.Add(record);
            return ValueTask.CompletedTask;
        }
    }
}
