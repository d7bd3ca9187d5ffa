using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Channels;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Channels;

/// <summary>
/// A peer that sends what it likes: messages with flipped bits, repeated, out of order, or made up near the valid ones. The channel must not
/// throw, lose its replay, take an HTLC that is not covered, or hold a revoked commitment.
/// </summary>
public sealed class HostilePeerTests
{
    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("TRIBUTARY_CHANNEL_RUNS"), out var runs) ? runs : 80;

    [Fact]
    public void Whatever_a_peer_sends_the_channel_stays_sound()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            try
            {
                Play(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}", failure);
            }
        }
    }

    private static void Play(int seed)
    {
        var random = new Random(seed);
        using var pair = ChannelPair.Ready(type: seed % 2 == 0 ? ChannelType.Anchors : ChannelType.StaticRemoteKey);
        var honest = random.Next(2) == 0 ? pair.Opener : pair.Accepter;
        var peer = pair.PeerOf(honest);
        var heard = new List<byte[]>();
        for (var i = 0; i < 80; i++)
        {
            if (!honest.IsConnected || honest.WantsDisconnect)
            {
                pair.Disconnect();
                pair.Connect();
            }

            Act(pair, honest, peer, random);
            if (peer.Outgoing.TryDequeue(out var bytes))
            {
                heard.Add(bytes);
                Hear(honest, Mangle(bytes, random, heard), pair.Context);
            }

            if (random.Next(4) == 0)
                Hear(honest, Invent(honest, random), pair.Context);
            CheckSound(honest);
        }

        pair.CheckReplayOf(honest);
    }

    private static void Act(ChannelPair pair, TestNode honest, TestNode peer, Random random)
    {
        var node = random.Next(2) == 0 ? honest : peer;
        switch (random.Next(8))
        {
            case 0:
            case 1:
                if (node.Channel.OfferHtlc(ChannelPair.Offer(1_000_000 + random.Next(9_000_000), random.Next(1000)), pair.Context, out _).TryGet(out var offered))
                    node.Run(offered);
                break;
            case 2:
                foreach (var htlc in node.Undecided.Values.ToList())
                {
                    node.Undecided.Remove(htlc.Id);
                    if (node.Channel.FulfillHtlc(htlc.Id, ChannelPair.Preimage(BitConverter.ToInt32(htlc.Onion.Span))).TryGet(out var fulfilled))
                        node.Run(fulfilled);
                }

                break;
            case 3:
                if (random.Next(10) == 0 && node.Channel.Shutdown(null).TryGet(out var shutdown))
                    node.Run(shutdown);
                break;
            case 4:
                pair.Deliver(honest);
                break;
            default:
                node.Run(node.Channel.Flush(pair.Context));
                break;
        }
    }

    private static byte[] Mangle(byte[] bytes, Random random, List<byte[]> heard)
    {
        switch (random.Next(12))
        {
            case 0:
                var flipped = bytes.ToArray();
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return heard[random.Next(heard.Count)];
            default:
                return bytes;
        }
    }

    private static void Hear(TestNode node, byte[] bytes, ChannelContext context)
    {
        if (LightningMessage.Read(bytes).TryGet(out var message))
            node.Run(node.Channel.Handle(message, context));
    }

    private static byte[] Invent(TestNode node, Random random)
    {
        var id = node.Channel.Id;
        var number = (ulong)random.Next(4);
        LightningMessage message = random.Next(12) switch
        {
            0 => new UpdateAddHtlc
            {
                ChannelId = id,
                Id = node.State.NextReceivedId + (ulong)random.Next(2),
                Amount = new MilliSatoshis(random.NextInt64(1_200_000_000)),
                PaymentHash = ChannelPair.Preimage(random.Next(10)),
                CltvExpiry = (uint)random.Next(),
                Onion = ChannelPair.Onion(1),
            },
            1 => new UpdateFulfillHtlc { ChannelId = id, Id = number, PaymentPreimage = ChannelPair.Preimage(random.Next(1000)) },
            2 => new UpdateFailHtlc { ChannelId = id, Id = number, Reason = new byte[random.Next(300)] },
            3 => new UpdateFailMalformedHtlc { ChannelId = id, Id = number, Sha256OfOnion = default, FailureCode = (ushort)random.Next(0x10000) },
            4 => new UpdateFee { ChannelId = id, Feerate = new FeeratePerKw(random.Next(60_000)) },
            5 => new CommitmentSigned { ChannelId = id, Signature = default, HtlcSignatures = new CompactSignature[random.Next(500)] },
            6 => new RevokeAndAck { ChannelId = id, PerCommitmentSecret = ChannelPair.Preimage(1), NextPerCommitmentPoint = TestKeys.Secret(9).PublicKey },
            7 => new ChannelReestablish
            {
                ChannelId = id,
                NextCommitmentNumber = number,
                NextRevocationNumber = (ulong)random.Next(4),
                YourLastPerCommitmentSecret = ChannelPair.Preimage(2),
                MyCurrentPerCommitmentPoint = TestKeys.Secret(9).PublicKey,
            },
            8 => new Shutdown { ChannelId = id, ScriptPubKey = random.Next(2) == 0 ? StandardScripts.P2wpkh(new byte[20]) : Script.Empty },
            9 => new ClosingSigned { ChannelId = id, Fee = new Satoshis(random.NextInt64(2_000_000)), Signature = default },
            10 => new ChannelReady { ChannelId = id, SecondPerCommitmentPoint = TestKeys.Secret(9).PublicKey },
            _ => new Warning { ChannelId = id, Data = new byte[] { 1, 2 } },
        };
        return message.ToArray();
    }

    private static void CheckSound(TestNode node)
    {
        var local = node.Channel.Local!;
        Assert.True(local.State.Number >= node.Revealed, "a revoked commitment is offered for broadcast");
        var sum = local.State.ToBroadcaster + local.State.ToCountersigner;
        foreach (var htlc in local.State.Htlcs)
            sum += htlc.Amount;
        Assert.Equal(node.State.Setup.FundingAmount.ToMilliSatoshis(), sum);
        Assert.True(local.State.ToBroadcaster >= MilliSatoshis.Zero && local.State.ToCountersigner >= MilliSatoshis.Zero);
        Assert.Equal(
            Lightning.Commitments.CommitmentTransaction.Build(node.Channel.LocalContract, local.State).Htlcs.Count, local.HtlcSignatures.Count);
    }
}
