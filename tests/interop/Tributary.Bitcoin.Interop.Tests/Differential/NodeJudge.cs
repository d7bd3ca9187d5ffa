using System.Text.Json.Nodes;
using Tributary.Bitcoin.Transactions;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>The other judge: a real bitcoind, asked what it would relay and what it would take in a block. Nothing is submitted.</summary>
internal sealed class NodeJudge(BitcoindNode node)
{
    private const string InvalidBlock = "TestBlockValidity failed: ";

    public async Task<Verdict> JudgeRelayAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        var answer = await node.RpcAsync("testmempoolaccept", cancellationToken, new JsonArray(transaction.ToHex()), 0);
        var verdict = answer[0];
        return Verdict.Of(verdict.GetProperty("allowed").GetBoolean() ? null : verdict.GetProperty("reject-reason").GetString());
    }

    public async Task<Verdict> JudgeConsensusAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await node.RpcAsync("generateblock", cancellationToken, "raw(51)", new JsonArray(transaction.ToHex()), false);
            return Verdict.Of(null);
        }
        catch (BitcoindRpcException exception) when (exception.Message.Contains(InvalidBlock, StringComparison.Ordinal))
        {
            var start = exception.Message.IndexOf(InvalidBlock, StringComparison.Ordinal) + InvalidBlock.Length;
            return Verdict.Of(exception.Message[start..]);
        }
    }
}
