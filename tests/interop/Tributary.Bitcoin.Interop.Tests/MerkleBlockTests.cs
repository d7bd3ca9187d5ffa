using System.Text.Json.Nodes;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Interop.Tests;

public sealed class MerkleBlockTests(BitcoindFixture bitcoind)
{
    [Fact]
    public async Task Proofs_go_both_ways_between_bitcoind_and_us()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var node = await bitcoind.StartAsync(["-rpcservertimeout=600"], cancellationToken);
        var anyone = new Script(new byte[] { 0x51 });
        for (var i = 0; i < SpentOutput.CoinbaseMaturity + 1; i++)
            await node.RpcAsync("generateblock", cancellationToken, "raw(51)", new JsonArray());

        // A chain of spends of the first reward makes a block of eight transactions.
        var first = await BlockAsync((await node.RpcAsync("getblockhash", cancellationToken, 1)).GetString()!);
        var outPoint = first.Transactions[0].OutPointOf(0);
        var spends = new List<Transaction>();
        for (var i = 1; i <= 7; i++)
        {
            spends.Add(Transaction.Create(2, [new TxIn(outPoint)], [new TxOut(new Satoshis((50 * Satoshis.PerBitcoin) - (i * 10_000)), anyone)]));
            outPoint = spends[^1].OutPointOf(0);
        }

        var mined = await node.RpcAsync("generateblock", cancellationToken, "raw(51)", new JsonArray([.. spends.Select(static spend => (JsonNode)spend.ToHex())]));
        var hash = mined.GetProperty("hash").GetString()!;
        var block = await BlockAsync(hash);
        Assert.Equal(8, block.Transactions.Length);
        Assert.Null(BlockChecks.Check(block));

        foreach (var wanted in new[] { block.Transactions[..1], block.Transactions[3..5], block.Transactions })
        {
            var ids = wanted.Select(static transaction => transaction.TxId).ToHashSet();
            var theirs = await node.RpcAsync("gettxoutproof", cancellationToken, new JsonArray([.. ids.Select(static id => (JsonNode)id.ToString())]), hash);
            var ours = MerkleBlock.Create(block, ids.Contains);

            Assert.Equal(theirs.GetString(), Convert.ToHexStringLower(ours.ToBytes()));
            Assert.Equal(ids, MerkleBlock.Parse(Convert.FromHexString(theirs.GetString()!)).Value.Verify().Value.Matches.Select(static match => match.TxId).ToHashSet());
            var verified = await node.RpcAsync("verifytxoutproof", cancellationToken, Convert.ToHexStringLower(ours.ToBytes()));
            Assert.Equal(ids.Count, verified.GetArrayLength());
        }

        async Task<Block> BlockAsync(string blockHash) =>
            Block.Parse(Convert.FromHexString((await node.RpcAsync("getblock", cancellationToken, blockHash, 0)).GetString()!)).Value;
    }
}
