using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;
using Tributary.Storage.Errors;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Signatures;

public sealed class SigningJournalTests
{
    private static readonly XmssPublicKey s_key = new(new Bytes32([.. Enumerable.Repeat((byte)1, 32)]), new KeyParameters(KeyParameters.Xmss, 20));
    private static readonly SeededEntropy s_entropy = new(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Index_that_was_given_away_survives_a_loss_of_power_and_stays_with_its_message()
    {
        var disk = new SimulatedDisk(1);
        var journal = Open(disk);
        var signing = (await journal.BeginAsync(s_key, 0, Token)).Value;
        Assert.Null(await signing.ReserveAsync(0, Message(5), Token));
        disk.FailPowerAfter(0);
        disk.Restart();

        var again = Open(disk).Resume(s_key, 0).Value;
        Assert.Equal(1u, again.Next);
        Assert.Equal("index", (await again.ReserveAsync(0, Message(6), Token))!.Field);
        Assert.Null(await again.ReserveAsync(0, Message(5), Token));
    }

    [Fact]
    public async Task Restore_is_remembered_by_a_process_that_starts_again_before_it_has_signed()
    {
        var disk = new SimulatedDisk(2);
        await using (var journal = Open(disk))
            Assert.True((await journal.RestoreAsync(s_key, 100, Token)).Value.MustRotate);
        await using var later = Open(disk);
        var signing = later.Resume(s_key, 100).Value;
        Assert.True(signing.MustRotate);
        Assert.Equal(100 + SigningIndex.Window, signing.Next);
    }

    [Fact]
    public async Task Key_begins_once_and_an_unknown_one_is_not_resumed()
    {
        await using var journal = Open(new SimulatedDisk(3));
        Assert.Equal("key", journal.Resume(s_key, 0).Error.Field);
        Assert.True((await journal.BeginAsync(s_key, 0, Token)).IsOk);
        Assert.Equal("key", (await journal.BeginAsync(s_key, 0, Token)).Error.Field);
        Assert.Equal("key", (await journal.RestoreAsync(s_key, 0, Token)).Error.Field);
        Assert.Equal([s_key], journal.Keys);
    }

    [Fact]
    public async Task Wallet_that_has_signed_is_refused_without_its_journal()
    {
        var disk = new SimulatedDisk(4);
        Assert.False(SigningJournal.Open(disk.Folder(), s_entropy, mustExist: true).IsOk);
        await using (var journal = Open(disk))
        {
            Assert.True((await journal.BeginAsync(s_key, 0, Token)).IsOk);
            Assert.False(SigningJournal.Open(disk.Folder(), s_entropy).IsOk);
        }

        await using var reopened = SigningJournal.Open(disk.Folder(), s_entropy, mustExist: true).Value;
    }

    [Fact]
    public async Task No_index_signs_two_messages_wherever_the_power_fails()
    {
        var signed = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new TestRandom(seed + 1);
            var disk = new SimulatedDisk(seed);
            var released = new Dictionary<uint, TreeDigest>();
            for (var life = 0; life < 6; life++)
            {
                disk.FailPowerAfter(random.Next(40));
                try
                {
                    await using var journal = Open(disk);
                    var signing = journal.Keys.Count == 0 ? (await journal.BeginAsync(s_key, 0, Token)).Value : journal.Resume(s_key, 0).Value;
                    for (var i = 0; i < 10; i++)
                    {
                        var index = random.Next(4) == 0 && signing.Next > 0 ? signing.Next - 1 : signing.Next;
                        var message = Message((ulong)random.Next(1000));
                        if (await signing.ReserveAsync(index, message, Token) is null)
                            Assert.True(released.TryAdd(index, message) || released[index] == message);
                    }
                }
                catch (Exception exception) when (exception is StorageStoppedException or IOException or InvalidOperationException)
                {
                    Assert.True(disk.IsDown, exception.ToString());
                }

                disk.Restart();
            }

            signed += released.Count;
        }

        Assert.True(signed > 300, $"only {signed} messages were signed");
    }

    private static SigningJournal Open(SimulatedDisk disk) => SigningJournal.Open(disk.Folder(), s_entropy).Value;

    private static TreeDigest Message(ulong number)
    {
        Assert.True(TreeDigest.TryFromBytes32(new Bytes32([(byte)number, (byte)(number >> 8), .. new byte[30]]), out var digest));
        return digest;
    }
}
