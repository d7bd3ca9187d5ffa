using System.Security.Cryptography;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Channels;

/// <summary>Two nodes with one channel, over the real message codec. <see cref="Opener"/> funds it.</summary>
internal sealed class ChannelPair : IDisposable
{
    internal const uint StartHeight = 100;

    internal ChannelPair(ChannelPolicy? openerPolicy = null, ChannelPolicy? accepterPolicy = null)
    {
        Opener = new TestNode(1, openerPolicy ?? TestNode.DefaultPolicy);
        Accepter = new TestNode(2, accepterPolicy ?? TestNode.DefaultPolicy);
        Opener.IsConnected = Accepter.IsConnected = true;
    }

    internal TestNode Opener { get; }

    internal TestNode Accepter { get; }

    internal TestNode[] Both => [Opener, Accepter];

    internal ChannelContext Context { get; set; } =
        new(StartHeight, new FeerateBounds(new FeeratePerKw(253), new FeeratePerKw(50_000), new FeeratePerKw(1000)));

    internal bool AccepterTrusts { get; set; }

    internal Transaction? FundingTransaction { get; set; }

    /// <summary>What the opener's wallet makes; the funding output is its second.</summary>
    internal Func<Script, Satoshis, Transaction> Fund { get; init; } = TestNode.Fund;

    /// <summary>Called before each message is delivered; false drops the connection instead.</summary>
    internal Func<TestNode, LightningMessage, bool>? BeforeDelivery { get; set; }

    internal TestNode PeerOf(TestNode node) => node == Opener ? Accepter : Opener;

    internal static ChannelPair Ready(
        long funding = 1_000_000, long push = 300_000_000, ChannelType? type = null, ChannelPolicy? openerPolicy = null, ChannelPolicy? accepterPolicy = null)
    {
        var pair = new ChannelPair(openerPolicy, accepterPolicy);
        pair.Propose(funding, push, type);
        pair.Settle();
        pair.Confirm();
        pair.Settle();
        Assert.Equal(ChannelStage.Open, pair.Opener.State.Stage);
        Assert.Equal(ChannelStage.Open, pair.Accepter.State.Stage);
        Assert.True(pair.Opener.Channel.IsUsable && pair.Accepter.Channel.IsUsable);
        return pair;
    }

    internal void Propose(long funding = 1_000_000, long push = 300_000_000, ChannelType? type = null)
    {
        var started = Channel.Open(Opener.Proposal(Accepter, funding, push, type), Opener.Keys.ChannelKeys(Opener.KeyId), Opener.Policy, Context);
        Opener.Channel = started.Value.Channel;
        Opener.Run(started.Value.Step);
    }

    /// <summary>The funding is in the chain, deep enough for both.</summary>
    internal void Confirm(uint depth = 6)
    {
        var position = new ShortChannelId(StartHeight + 1, 1, 1);
        foreach (var node in Both)
            node.Run(node.Channel.FundingSeen(FundingTransaction!, 1, position, depth));
    }

    /// <summary>Delivers the oldest message of a node to the other; false when there is none.</summary>
    internal bool Deliver(TestNode from)
    {
        if (!from.Outgoing.TryDequeue(out var bytes))
            return false;

        var message = LightningMessage.Read(bytes).Value;
        var to = PeerOf(from);
        if (BeforeDelivery is { } before && !before(from, message))
        {
            Disconnect();
            return true;
        }

        Take(to, message);
        return true;
    }

    internal void Take(TestNode to, LightningMessage message)
    {
        if (message is OpenChannel open && !to.HasChannel)
        {
            var accepted = Channel.Accept(
                open, to.Acceptance(PeerOf(to), AccepterTrusts), to.Keys.ChannelKeys(to.KeyId), to.Policy, Context);
            if (!accepted.TryGet(out var started, out var refusal))
            {
                to.IsConnected = true;
                to.Complaints.Add(ChannelErrors.Error(open.TemporaryChannelId, refusal.ToString()));
                to.Outgoing.Enqueue(to.Complaints[^1].ToArray());
                return;
            }

            to.Channel = started.Channel;
            to.Run(started.Step);
            return;
        }

        to.Run(to.Channel.Handle(message, Context));
        ServeWallet(to);
        if (to.WantsDisconnect)
            Disconnect();
    }

    // The wallet of a node that was asked for a funding transaction.
    private void ServeWallet(TestNode node)
    {
        if (node.Effects is not [.., ChannelEffect.NeedsFunding needs] || node.State.Funding is not null)
            return;
        FundingTransaction = Fund(needs.Script, needs.Amount);
        node.Run(node.Channel.FundingBuilt(FundingTransaction).Value);
    }

    internal void Flush(TestNode node) => node.Run(node.Channel.Flush(Context));

    /// <summary>Delivers and flushes until nothing moves.</summary>
    internal void Settle()
    {
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var node in Both)
            {
                while (Deliver(node))
                    moved = true;
            }

            foreach (var node in Both.Where(node => node.HasChannel))
            {
                var step = node.Channel.Flush(Context);
                moved |= !step.IsEmpty;
                node.Run(step);
            }
        }
    }

    internal void Disconnect()
    {
        foreach (var node in Both.Where(node => node.IsConnected))
        {
            node.IsConnected = false;
            node.Outgoing.Clear();
            if (node.HasChannel)
                node.Run(node.Channel.Disconnected());
        }
    }

    internal void Connect()
    {
        if (Opener.IsConnected)
            return;
        foreach (var node in Both)
        {
            node.IsConnected = true;
            node.WantsDisconnect = false;
            node.Outgoing.Clear();
        }

        foreach (var node in Both)
            node.Run(node.Channel.Connected(node.Features, PeerOf(node).Features));
    }

    internal void Reconnect()
    {
        Disconnect();
        Connect();
        Settle();
    }

    /// <summary>A node is killed and started again; the other sees the connection end.</summary>
    internal void Crash(TestNode node)
    {
        Disconnect();
        node.Restart();
    }

    internal static Bytes32 Preimage(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));

    internal static HtlcOffer Offer(long amount, int number, uint expiry = 500) =>
        new(new MilliSatoshis(amount), new Bytes32(SHA256.HashData(Preimage(number).Span)), expiry, Onion(number));

    internal static byte[] Onion(int number)
    {
        var onion = new byte[UpdateAddHtlc.OnionLength];
        BitConverter.TryWriteBytes(onion, number);
        return onion;
    }

    internal ulong Add(TestNode from, long amount, int number, uint expiry = 500)
    {
        var step = from.Channel.OfferHtlc(Offer(amount, number, expiry), Context, out var id);
        from.Run(step.Value);
        return id;
    }

    /// <summary>Both must see the same commitments, conserve the money, and never hold one that is revoked.</summary>
    internal void CheckInvariants()
    {
        foreach (var node in Both)
        {
            if (node.Channel.Local is not { } local)
                continue;
            Assert.Equal(node.State.Recount(node.State.NextLocal, node.State.NextLocal.Feerate, isLocal: true), node.State.NextLocal);
            Assert.Equal(node.State.Recount(node.State.NextRemote, node.State.NextRemote.Feerate, isLocal: false), node.State.NextRemote);
            var capacity = node.State.Setup.FundingAmount.ToMilliSatoshis();
            foreach (var state in new[] { local.State, node.Channel.Remote!, node.Channel.NextRemote ?? node.Channel.Remote! })
            {
                var sum = state.ToBroadcaster + state.ToCountersigner;
                foreach (var htlc in state.Htlcs)
                    sum += htlc.Amount;
                Assert.Equal(capacity, sum);
                Assert.True(state.ToBroadcaster >= MilliSatoshis.Zero && state.ToCountersigner >= MilliSatoshis.Zero);
            }

            Assert.True(local.State.Number >= node.Revealed, "a revoked commitment is offered for broadcast");
            if (PeerOf(node).Channel.Remote is not { } seen)
                continue;
            var ours = CommitmentTransaction.Build(node.Channel.LocalContract, local.State);
            var theirs = seen.Number == local.State.Number ? seen : PeerOf(node).Channel.NextRemote;
            Assert.NotNull(theirs);
            Assert.Equal(local.State.Number, theirs.Number);
            Assert.Equal(ours.Unsigned.TxId, CommitmentTransaction.Build(PeerOf(node).Channel.RemoteContract, theirs).Unsigned.TxId);
            Assert.Equal(ours.Htlcs.Count, local.HtlcSignatures.Count);
        }
    }

    /// <summary>The log gives the live state, and the checkpoint too.</summary>
    internal void CheckReplay()
    {
        foreach (var node in Both)
            CheckReplayOf(node);
    }

    internal void CheckReplayOf(TestNode node)
    {
        var live = node.State.ToArray();
        Assert.Equal(live, TestNode.Replay(node.Log).ToArray());
        Assert.Equal(live, ChannelState.Read(live).Value.ToArray());
    }

    public void Dispose()
    {
        Opener.Dispose();
        Accepter.Dispose();
    }
}
