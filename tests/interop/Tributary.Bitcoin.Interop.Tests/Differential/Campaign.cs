using System.Globalization;
using System.Text.Json.Nodes;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>A chain with a coin for every lock, made on a real node and known to both judges.</summary>
internal sealed class Campaign
{
    private const long CoinValue = 100_000;
    private const int CoinsPerTransaction = 500;
    private const int SecondsBetweenBlocks = 600;

    private Campaign(ChainView view, NodeJudge node, IReadOnlyList<Coin> coins)
    {
        View = view;
        Node = node;
        Coins = coins;
    }

    public ChainView View { get; }

    public NodeJudge Node { get; }

    public IReadOnlyList<Coin> Coins { get; }

    public static async Task<Campaign> CreateAsync(BitcoindNode node, IReadOnlyList<OutputLock> locks, CancellationToken cancellationToken)
    {
        var anyone = new Script(new byte[] { 0x51 });
        var clock = (await node.RpcAsync("getblockheader", cancellationToken, (await node.RpcAsync("getbestblockhash", cancellationToken)).GetString())).GetProperty("time").GetInt64();

        async Task MineAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                clock += SecondsBetweenBlocks;
                await node.RpcAsync("setmocktime", cancellationToken, clock);
                await node.RpcAsync("generateblock", cancellationToken, "raw(51)", new JsonArray());
            }
        }

        // Rewards that anyone may take, the first of which are mature in time.
        var start = await HeightAsync(node, cancellationToken);
        var batches = locks.Chunk(CoinsPerTransaction).ToArray();
        await MineAsync(SpentOutput.CoinbaseMaturity + batches.Length);
        var coins = new List<Coin>();
        for (var i = 0; i < batches.Length; i++)
        {
            var reward = await CoinbaseAsync(node, start + 1 + i, cancellationToken);
            var outputs = batches[i].Select(static output => new TxOut(new Satoshis(CoinValue), output.Output)).ToArray();
            var funding = Transaction.Create(2, [new TxIn(reward.OutPointOf(0), TxIn.Final)], outputs);
            await node.RpcAsync("generateblock", cancellationToken, "raw(51)", new JsonArray(funding.ToHex()));
            var height = await HeightAsync(node, cancellationToken);
            var time = (await HeaderAsync(node, height - 1, cancellationToken)).GetProperty("mediantime").GetUInt32();
            coins.AddRange(batches[i].Select((output, index) => new Coin(funding.OutPointOf(index), new SpentOutput(outputs[index], height, IsCoinbase: false, time), output)));
        }

        await MineAsync(15);
        var tipHeight = await HeightAsync(node, cancellationToken);
        coins.AddRange(await RewardsAsync(node, tipHeight, anyone, cancellationToken));

        var tip = await HeaderAsync(node, tipHeight, cancellationToken);
        _ = BlockHash.TryParse(tip.GetProperty("hash").GetString(), out var hash);
        var view = new ChainView(tipHeight, tip.GetProperty("mediantime").GetInt64(), hash);
        foreach (var coin in coins)
            view.Add(coin);
        return new Campaign(view, new NodeJudge(node), coins);
    }

    // Coinbase outputs around the age from which they can be spent.
    private static async Task<IEnumerable<Coin>> RewardsAsync(BitcoindNode node, int tipHeight, Script anyone, CancellationToken cancellationToken)
    {
        var coins = new List<Coin>();
        foreach (var age in new[] { 98, 99, 100 })
        {
            var height = tipHeight + 1 - age;
            var coinbase = await CoinbaseAsync(node, height, cancellationToken);
            var time = (await HeaderAsync(node, height - 1, cancellationToken)).GetProperty("mediantime").GetUInt32();
            var output = new OutputLock(string.Create(CultureInfo.InvariantCulture, $"coinbase of age {age}"), anyone, static _ => { });
            coins.Add(new Coin(coinbase.OutPointOf(0), new SpentOutput(coinbase.Output(0), height, IsCoinbase: true, time), output));
        }

        return coins;
    }

    private static async Task<int> HeightAsync(BitcoindNode node, CancellationToken cancellationToken) =>
        (await node.RpcAsync("getblockcount", cancellationToken)).GetInt32();

    private static async Task<System.Text.Json.JsonElement> HeaderAsync(BitcoindNode node, int height, CancellationToken cancellationToken) =>
        await node.RpcAsync("getblockheader", cancellationToken, (await node.RpcAsync("getblockhash", cancellationToken, height)).GetString());

    private static async Task<Transaction> CoinbaseAsync(BitcoindNode node, int height, CancellationToken cancellationToken)
    {
        var hash = (await node.RpcAsync("getblockhash", cancellationToken, height)).GetString();
        var hex = (await node.RpcAsync("getblock", cancellationToken, hash, 0)).GetString();
        return Block.Parse(Convert.FromHexString(hex!)).Value.Transactions[0];
    }
}
