using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.OnChain;

/// <summary>Two real channels that have talked to each other, and then meet on chain.</summary>
public sealed class RealChannelTests
{
    private const uint Expiry = 170;

    public static TheoryData<bool, int> Cuts
    {
        get
        {
            var data = new TheoryData<bool, int>();
            for (var messages = 0; messages <= 9; messages++)
            {
                data.Add(true, messages);
                data.Add(false, messages);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_close_after_any_message_of_a_payment_is_understood_by_both_and_pays_both(bool openerCloses, int messages)
    {
        await using var world = await ChainWorld.CreateAsync();
        using var pair = await OpenAsync(world);
        var left = messages;
        pair.BeforeDelivery = (_, _) => left-- > 0;
        pair.Add(pair.Opener, 50_000_000, 1, Expiry);
        pair.Settle();
        if (pair.Accepter.Undecided.Count > 0 && pair.Accepter.IsConnected)
        {
            pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, Channels.ChannelPair.Preimage(1)).Value);
            pair.Settle();
        }

        pair.Disconnect();
        var closer = openerCloses ? pair.Opener : pair.Accepter;
        var knowsPreimage = pair.Accepter.Channel.TryGetPreimage(Channels.ChannelPair.Offer(1, 1).PaymentHash, out _);
        var (opener, accepter) = await JoinAsync(world, pair);
        var commitment = CommitmentTransaction.Build(closer.Channel.LocalContract, closer.Channel.Local!.State);
        closer.Run(closer.Channel.ForceClose("cut"));
        var reason = Assert.Single(closer.Seen<ChannelEffect.BroadcastCommitment>()).Reason;
        await (openerCloses ? opener : accepter).HandleAsync(new MonitorInput.BroadcastCommitment(reason));
        await world.MineAsync();
        Assert.Equal(openerCloses ? CloseKind.Ours : CloseKind.Peers, opener.Monitor.CloseKind);
        Assert.Equal(openerCloses ? CloseKind.Peers : CloseKind.Ours, accepter.Monitor.CloseKind);
        await world.MineAsync(250);

        var ownership = new Ownership(world, commitment, opener, accepter);
        Assert.Equal(openerCloses ? 0 : 1, ownership.OwnerOf(commitment.ToBroadcasterIndex));
        Assert.Equal(openerCloses ? 1 : 0, ownership.OwnerOf(commitment.ToCountersignerIndex));
        foreach (var htlc in commitment.Htlcs)
            Assert.Equal(knowsPreimage ? 1 : 0, ownership.OwnerOf(htlc.Index));
        foreach (var resolved in opener.Seen<MonitorEffect.HtlcResolvedOnChain>())
        {
            var isPaid = commitment.Htlcs.Count > 0 && knowsPreimage;
            Assert.Equal(isPaid ? ChainOutcome.Fulfilled : ChainOutcome.Failed, resolved.Outcome);
        }
    }

    [Fact]
    public async Task An_invoice_settled_after_the_close_is_claimed_on_chain()
    {
        await using var world = await ChainWorld.CreateAsync();
        using var pair = await OpenAsync(world);
        pair.Add(pair.Opener, 50_000_000, 1, Expiry);
        pair.Settle();
        var (opener, accepter) = await JoinAsync(world, pair);
        var commitment = CommitmentTransaction.Build(pair.Opener.Channel.LocalContract, pair.Opener.Channel.Local!.State);
        pair.Opener.Run(pair.Opener.Channel.ForceClose("test"));
        await opener.HandleAsync(new MonitorInput.BroadcastCommitment("test"));
        await world.MineAsync();
        pair.Accepter.Run(pair.Accepter.Channel.FundingSpent(commitment.Unsigned.TxId));
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, Channels.ChannelPair.Preimage(1)).Value);
        await accepter.HandleAsync(new MonitorInput.PreimageKnown(Channels.ChannelPair.Offer(1, 1).PaymentHash));
        await world.MineAsync(2);
        Assert.Equal(1, new Ownership(world, commitment, opener, accepter).OwnerOf(commitment.Htlcs[0].Index));
        Assert.Equal(Channels.ChannelPair.Preimage(1), Assert.Single(opener.Seen<MonitorEffect.PreimageLearnt>()).Preimage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_revoked_state_with_HTLCs_is_taken_whole_however_long_ago_it_was(int paymentsSince)
    {
        await using var world = await ChainWorld.CreateAsync();
        using var pair = await OpenAsync(world);
        pair.Add(pair.Opener, 50_000_000, 1, Expiry);
        pair.Add(pair.Accepter, 40_000_000, 2, Expiry);
        pair.Add(pair.Opener, 300_000, 3, Expiry);
        pair.Settle();

        // What the accepter keeps of the state that it is about to revoke.
        var cheat = CommitmentTransaction.Build(pair.Accepter.Channel.LocalContract, pair.Accepter.Channel.Local!.State);
        using var keys = pair.Accepter.Keys.ChannelKeys(pair.Accepter.KeyId);
        var signed = cheat.Sign(keys.SignCommitment(cheat), pair.Accepter.Channel.Local.Signature);
        pair.Accepter.Run(pair.Accepter.Channel.FulfillHtlc(0, Channels.ChannelPair.Preimage(1)).Value);
        pair.Opener.Run(pair.Opener.Channel.FulfillHtlc(0, Channels.ChannelPair.Preimage(2)).Value);
        pair.Settle();
        for (var i = 0; i < paymentsSince; i++)
        {
            pair.Add(pair.Opener, 10_000_000, 10 + i, Expiry);
            pair.Settle();
        }

        var (opener, _) = await JoinAsync(world, pair);
        Assert.Null(await world.BroadcastAsync(signed));
        await world.MineAsync(3);
        Assert.Equal(CloseKind.Revoked, opener.Monitor.CloseKind);
        Assert.Equal(2, cheat.Htlcs.Count);
        var ownership = new Ownership(world, cheat, opener);
        Assert.Equal(0, ownership.OwnerOf(cheat.ToBroadcasterIndex));
        Assert.Equal(0, ownership.OwnerOf(cheat.ToCountersignerIndex));
        Assert.All(cheat.Htlcs, output => Assert.Equal(0, ownership.OwnerOf(output.Index)));
    }

    [Fact]
    public async Task An_agreed_close_is_recognised()
    {
        await using var world = await ChainWorld.CreateAsync();
        using var pair = await OpenAsync(world);
        var (opener, accepter) = await JoinAsync(world, pair);
        pair.Opener.Run(pair.Opener.Channel.Shutdown(script: null).Value);
        pair.Settle();
        var closing = pair.Opener.Seen<ChannelEffect.Closed>().First().Transaction;
        Assert.Null(await world.BroadcastAsync(closing));
        await world.MineAsync();
        Assert.Equal(CloseKind.Mutual, opener.Monitor.CloseKind);
        Assert.Equal(CloseKind.Mutual, accepter.Monitor.CloseKind);
    }

    private static async Task<Channels.ChannelPair> OpenAsync(ChainWorld world)
    {
        var pair = new Channels.ChannelPair
        {
            Fund = (script, amount) => world.Draft(new TxOut(new Satoshis(12_345), new TestWallet(0x33).Script), new TxOut(amount, script)),
        };
        pair.Propose();
        pair.Settle();
        Assert.Null(await world.BroadcastAsync(pair.FundingTransaction!));
        await world.MineAsync();
        pair.Confirm();
        pair.Settle();
        Assert.True(pair.Opener.Channel.IsUsable && pair.Accepter.Channel.IsUsable);
        return pair;
    }

    private static async Task<(Party Opener, Party Accepter)> JoinAsync(ChainWorld world, Channels.ChannelPair pair)
    {
        var opener = await world.JoinAsync(pair.Opener.Channel, pair.Opener.Keys.ChannelKeys(pair.Opener.KeyId), 0x41, 100_000, 60_000, 60_000);
        var accepter = await world.JoinAsync(pair.Accepter.Channel, pair.Accepter.Keys.ChannelKeys(pair.Accepter.KeyId), 0x42, 100_000, 60_000, 60_000);
        return (opener, accepter);
    }
}
