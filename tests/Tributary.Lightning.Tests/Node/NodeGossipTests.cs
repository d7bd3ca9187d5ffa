using System.Collections.Immutable;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Tests.Node;

/// <summary>Gossip through a whole node: from peers, checked against the chain, kept, passed on when asked for, and paid by.</summary>
public sealed class NodeGossipTests
{
    private static readonly Bytes32 s_chain = BitcoinNetwork.Regtest.GenesisHash.Value;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static uint Now => (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task A_channel_is_taken_in_when_its_funding_is_in_the_chain_and_other_nodes_get_it_from_us()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var node = await network.AddAsync(Cancellation);
        var id = await FundAsync(network, node);
        await using var peer = await GossipPeer.ConnectAsync(node, 60, Cancellation);

        peer.Say(Channel(id, 1, 2), Update(id, 1, 2), Update(id, 2, 1), Channel(new ShortChannelId(id.BlockHeight, 0, 0), 1, 3));
        await KnowsAsync(peer, [id]);

        // A second node learns it from the first, and checks it against the same chain.
        var other = await network.AddAsync(Cancellation, coins: 0);
        _ = (await other.Lightning.ConnectAsync(node.Address, Cancellation)).Value;
        await using var reader = await GossipPeer.ConnectAsync(other, 61, Cancellation);
        await KnowsAsync(reader, [id]);
        reader.Say(new QueryShortChannelIds { ChainHash = s_chain, EncodedShortIds = EncodedIds.WriteIds([id]) });
        Assert.Equal(Channel(id, 1, 2).ToArray(), (await reader.HearAsync<ChannelAnnouncement>(Cancellation)).ToArray());
        Assert.Equal(1000u, (await reader.HearAsync<ChannelUpdate>(Cancellation)).FeeBaseMilliSatoshis);
        Assert.Equal(1, (await reader.HearAsync<ReplyShortChannelIdsEnd>(Cancellation)).FullInformation);
    }

    [Fact]
    public async Task Hundreds_of_channels_are_taken_in_at_once_and_handed_on_whole()
    {
        const int Count = 400;
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var node = await network.AddAsync(Cancellation);
        var outputs = Enumerable.Range(0, Count).Select(static _ => new SendOutput(StandardScripts.P2wshOf(FundingScript), new Satoshis(500_000))).ToImmutableArray();
        var funding = (await node.Wallet.SendAsync(new SendRequest { Outputs = outputs, Feerate = new FeeratePerKvB(4000), Label = "fundings" }, Cancellation)).Value;
        await network.MineAsync(6, Cancellation);
        var place = await PlaceOfAsync(network, funding);
        var ids = Enumerable.Range(0, funding.OutputCount).Where(i => funding.Output(i).ScriptPubKey == StandardScripts.P2wshOf(FundingScript))
            .Select(i => new ShortChannelId(place.BlockHeight, place.TransactionIndex, (ushort)i)).ToArray();
        await using var peer = await GossipPeer.ConnectAsync(node, 60, Cancellation);
        var keys = Enumerable.Range(1, 40).Select(static number => TestKeys.Secret((byte)number)).ToArray();

        // Updates before, between and after their announcements.
        for (var i = 0; i < ids.Length; i++)
        {
            var (a, b) = (keys[i % 40], keys[(i + 1 + (i / 40)) % 40]);
            peer.Say(i % 3 == 0 ? [Update(ids[i], a, b), Channel(ids[i], a, b)] : [Channel(ids[i], a, b), Update(ids[i], a, b), Update(ids[i], b, a)]);
        }

        await KnowsAsync(peer, ids);
        var other = await network.AddAsync(Cancellation, coins: 0);
        _ = (await other.Lightning.ConnectAsync(node.Address, Cancellation)).Value;
        await using var reader = await GossipPeer.ConnectAsync(other, 61, Cancellation);
        await KnowsAsync(reader, ids);
        Assert.Equal((40, Count), await other.Lightning.CountGraphAsync(Cancellation));
    }

    [Fact]
    public async Task A_forged_announcement_brings_a_warning_and_nothing_else()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var node = await network.AddAsync(Cancellation);
        var id = await FundAsync(network, node);
        await using var peer = await GossipPeer.ConnectAsync(node, 60, Cancellation);

        peer.Say(Channel(id, 1, 2) with { NodeSignature2 = default });

        var warning = await peer.HearAsync<Warning>(Cancellation);
        Assert.Contains("signature", System.Text.Encoding.UTF8.GetString(warning.Data.Span), StringComparison.Ordinal);
        await NodeNetwork.UntilAsync(() => Task.FromResult(!peer.IsOpen), "the end of the connection", Cancellation);
        await using var reader = await GossipPeer.ConnectAsync(node, 61, Cancellation);
        Assert.Empty(await reader.AskChannelsAsync(Cancellation));
    }

    [Fact]
    public async Task The_map_outlives_a_restart_and_a_damaged_copy_is_begun_anew()
    {
        var folder = new MemoryDirectory();
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var node = await network.AddAsync(Cancellation, options => options with { GossipFolder = folder });
        var id = await FundAsync(network, node);
        await using (var peer = await GossipPeer.ConnectAsync(node, 60, Cancellation))
        {
            peer.Say(Channel(id, 1, 2), Update(id, 1, 2));
            await KnowsAsync(peer, [id]);
        }

        await node.RestartAsync(Cancellation);
        await using (var reader = await GossipPeer.ConnectAsync(node, 61, Cancellation))
            Assert.Equal([id], await reader.AskChannelsAsync(Cancellation));

        await node.StopAsync();
        using (var file = folder.Open("graph", FileUse.ReadWrite))
            file.Write(file.Length / 2, [0xee]);
        await node.StartAsync(Cancellation);
        await using (var reader = await GossipPeer.ConnectAsync(node, 62, Cancellation))
        {
            Assert.Empty(await reader.AskChannelsAsync(Cancellation));
            reader.Say(Channel(id, 1, 2));
            await KnowsAsync(reader, [id]);
        }
    }

    [Fact]
    public async Task A_channel_whose_funding_is_spent_while_the_node_is_away_leaves_the_map()
    {
        var folder = new MemoryDirectory();
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var node = await network.AddAsync(Cancellation, options => options with { GossipFolder = folder, Gossip = options.Gossip with { ClosedBlocks = 3 } });
        var partner = await network.AddAsync(Cancellation);

        var id = await FundAsync(network, node);
        await using (var peer = await GossipPeer.ConnectAsync(node, 60, Cancellation))
        {
            peer.Say(Channel(id, 1, 2), Update(id, 1, 2));
            await KnowsAsync(peer, [id]);
        }

        await node.StopAsync();
        await SpendAsync(network, id, partner);
        await network.MineAsync(5, Cancellation);
        await node.StartAsync(Cancellation);
        await using var reader = await GossipPeer.ConnectAsync(node, 61, Cancellation);
        await KnowsAsync(reader, []);
    }

    [Fact]
    public async Task A_payment_takes_a_path_of_the_map_and_says_where_it_failed()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, between) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, between, 1_000_000, Cancellation);
        using var payee = TestKeys.Secret(2);
        var invoice = InvoiceOf(payee, []);
        var unknown = (await payer.PayAsync(invoice, Cancellation)).Value;
        Assert.Contains("is not known", unknown.Reason, StringComparison.Ordinal);

        var id = await FundAsync(network, payer);
        await using var peer = await GossipPeer.ConnectAsync(payer, 60, Cancellation);
        peer.Say(Channel(id, between.Key, payee), Update(id, between.Key, payee), Update(id, payee, between.Key));
        await KnowsAsync(peer, [id]);
        Assert.Contains((await payer.Lightning.GetStatusAsync(Cancellation)).Lines, static line => line.Contains("Knows 1 public channels", StringComparison.Ordinal));
        await NodeNetwork.UntilAsync(
            async () => (await payer.PayAsync(InvoiceOf(payee, []), Cancellation)).Value.Reason!.Contains("UnknownNextPeer", StringComparison.Ordinal), "an attempt over the map", Cancellation);
    }

    [Fact]
    public async Task A_payment_takes_a_path_of_an_invoices_hints()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (payer, between) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(payer, between, 1_000_000, Cancellation);
        using var payee = TestKeys.Secret(2);
        var hint = new RouteHintHop(between.Id, new ShortChannelId(1, 2, 3), 1000, 10, 40);

        var failed = (await payer.PayAsync(InvoiceOf(payee, [[hint]]), Cancellation)).Value;

        Assert.Equal("failed", failed.State);
        Assert.Contains("UnknownNextPeer", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invoice_carries_a_hint_by_the_peers_alias_as_soon_as_the_peer_has_said_what_it_asks_for()
    {
        await using var network = await NodeNetwork.StartAsync(Cancellation);
        var (peer, payee) = (await network.AddAsync(Cancellation), await network.AddAsync(Cancellation));
        await network.OpenAsync(peer, payee, 1_000_000, Cancellation);
        Assert.Empty(await HintsAsync(payee));
        var entry = peer.Lightning.Channels.All.Single();
        var alias = entry.Channel.State.Setup.Alias;

        // The payee's own direction says nothing of what the peer asks for.
        entry.Connection!.Send(Update(alias, payee.Key, peer.Key) with { FeeBaseMilliSatoshis = 7 });
        entry.Connection.Send(Update(alias, peer.Key, payee.Key));
        await NodeNetwork.UntilAsync(async () => (await HintsAsync(payee)).Count > 0, "a hint", Cancellation);

        var hop = Assert.Single(Assert.Single(await HintsAsync(payee)));
        Assert.Equal((peer.Id, alias, 1000u, 100u, (ushort)40), (hop.NodeId, hop.ShortChannelId, hop.FeeBaseMilliSatoshis, hop.FeeProportionalMillionths, hop.CltvExpiryDelta));
    }

    private static async Task<IReadOnlyList<IReadOnlyList<RouteHintHop>>> HintsAsync(WholeNode node) =>
        Invoice.Parse((await node.InvoiceAsync(1_000_000, Cancellation)).Text).Value.Terms.RouteHints;

    private static string InvoiceOf(SecretKey payee, IReadOnlyList<IReadOnlyList<RouteHintHop>> hints)
    {
        Span<byte> random = stackalloc byte[32];
        SystemEntropy.Instance.Fill(random);
        return Invoice.Create(
            new InvoiceTerms
            {
                Network = BitcoinNetwork.Regtest,
                Amount = new MilliSatoshis(1_000_000),
                Timestamp = Now,
                PaymentHash = new Bytes32(random),
                PaymentSecret = new Bytes32(random),
                Description = "test",
                RouteHints = hints,
                Features = FeatureVector.Empty.Requiring(Feature.VariableLengthOnion, Feature.PaymentSecret),
            },
            payee).Value.Text;
    }

    private static Task KnowsAsync(GossipPeer peer, IReadOnlyList<ShortChannelId> ids) => NodeNetwork.UntilAsync(
        async () =>
        {
            await Task.Delay(150, Cancellation);
            return (await peer.AskChannelsAsync(Cancellation)).SequenceEqual(ids);
        },
        "the map",
        Cancellation);

    // An output of the two funding keys, six blocks deep.
    private static async Task<ShortChannelId> FundAsync(NodeNetwork network, WholeNode payer)
    {
        var script = StandardScripts.P2wshOf(FundingScript);
        Assert.True(Address.TryFromScript(script, BitcoinNetwork.Regtest, out var address));
        var funding = (await payer.Lightning.WithdrawAsync(address, new Satoshis(500_000), null, Cancellation)).Value;
        await network.MineAsync(6, Cancellation);
        var place = await PlaceOfAsync(network, funding);
        var output = Enumerable.Range(0, funding.OutputCount).Single(i => funding.Output(i).ScriptPubKey == script);
        return new ShortChannelId(place.BlockHeight, place.TransactionIndex, (ushort)output);
    }

    // Of a transaction in the block that is six deep; its first output.
    private static async Task<ShortChannelId> PlaceOfAsync(NodeNetwork network, Transaction funding)
    {
        var height = network.Height - 5;
        var block = (await network.Chain.GetBlockAsync((await network.Chain.GetBlockHashAsync(height, Cancellation)).Value, Cancellation)).Value;
        var place = block.Transactions.Select(static (transaction, i) => (transaction, i)).Single(pair => pair.transaction.TxId == funding.TxId).i;
        return new ShortChannelId((uint)height, (uint)place, 0);
    }

    private static async Task SpendAsync(NodeNetwork network, ShortChannelId id, WholeNode to)
    {
        var block = (await network.Chain.GetBlockAsync((await network.Chain.GetBlockHashAsync((int)id.BlockHeight, Cancellation)).Value, Cancellation)).Value;
        var funding = block.Transactions[(int)id.TransactionIndex];
        var (key1, key2) = FundingKeys;
        var target = (await to.Lightning.NewAddressAsync(Cancellation)).Value.ScriptPubKey;
        var value = funding.Output(id.OutputIndex).Value;
        var unsigned = Transaction.Create(2, [new TxIn(funding.OutPointOf(id.OutputIndex), TxIn.Final)], [new TxOut(value - new Satoshis(1000), target)]);
        var hash = SignatureHash.SegwitV0(unsigned, 0, FundingScript.Span, value, SighashType.All);
        var witness = CommitmentWitness.Funding(key1.PublicKey, SignatureOf(key1, hash), key2.PublicKey, SignatureOf(key2, hash), FundingScript);
        var spend = unsigned.WithInputs([unsigned.Input(0) with { Witness = witness }]);
        var verdict = (await network.Chain.BroadcastAsync(spend, Cancellation)).Value;
        Assert.True(verdict.IsAccepted, verdict.RejectReason);
    }

    private static CompactSignature SignatureOf(SecretKey key, Bytes32 hash)
    {
        var signature = new byte[CompactSignature.Length];
        Ecdsa.Sign(key, hash.Span, signature);
        return new CompactSignature(signature);
    }

    private static (SecretKey First, SecretKey Second) FundingKeys => (TestKeys.Secret(50), TestKeys.Secret(51));

    private static Script FundingScript => CommitmentScripts.Funding(FundingKeys.First.PublicKey, FundingKeys.Second.PublicKey);

    private static ChannelAnnouncement Channel(ShortChannelId id, int a, int b) => Channel(id, TestKeys.Secret((byte)a), TestKeys.Secret((byte)b));

    private static ChannelAnnouncement Channel(ShortChannelId id, SecretKey a, SecretKey b)
    {
        var (first, second) = new NodeId(a.PublicKey) < new NodeId(b.PublicKey) ? (a, b) : (b, a);
        var (bitcoin1, bitcoin2) = FundingKeys;
        var announcement = new ChannelAnnouncement
        {
            NodeSignature1 = default,
            NodeSignature2 = default,
            BitcoinSignature1 = default,
            BitcoinSignature2 = default,
            Features = FeatureVector.Empty,
            ChainHash = s_chain,
            ShortChannelId = id,
            NodeId1 = new NodeId(first.PublicKey),
            NodeId2 = new NodeId(second.PublicKey),
            BitcoinKey1 = new NodeId(bitcoin1.PublicKey),
            BitcoinKey2 = new NodeId(bitcoin2.PublicKey),
        };
        return Gossip.GossipNode.Sign(announcement, first, second, bitcoin1, bitcoin2);
    }

    private static ChannelUpdate Update(ShortChannelId id, int from, int to) => Update(id, TestKeys.Secret((byte)from), TestKeys.Secret((byte)to));

    private static ChannelUpdate Update(ShortChannelId id, SecretKey from, SecretKey to)
    {
        var update = new ChannelUpdate
        {
            Signature = default,
            ChainHash = s_chain,
            ShortChannelId = id,
            Timestamp = Now,
            MessageFlags = 1,
            ChannelFlags = (byte)(new NodeId(from.PublicKey) < new NodeId(to.PublicKey) ? 0 : 1),
            CltvExpiryDelta = 40,
            HtlcMinimum = new MilliSatoshis(1),
            FeeBaseMilliSatoshis = 1000,
            FeeProportionalMillionths = 100,
            HtlcMaximum = new MilliSatoshis(490_000_000),
        };
        return Gossip.GossipNode.Sign(update, from);
    }
}
