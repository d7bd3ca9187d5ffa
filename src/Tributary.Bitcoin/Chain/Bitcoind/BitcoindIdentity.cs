using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>Which chain a bitcoind follows.</summary>
/// <param name="Genesis">Its block 0, by which networks differ.</param>
/// <param name="First">
/// Its block 1, by which two chains of one network's rules differ: two regtests, two signets with challenges of their own (BIP 325). Null on a chain
/// that has none yet.
/// </param>
public sealed record BitcoindIdentity(BlockHash Genesis, BlockHash? First)
{
    /// <summary>The network that begins so; null for one that this program does not know.</summary>
    public BitcoinNetwork? Network => BitcoinNetwork.All.FirstOrDefault(network => network.GenesisHash == Genesis);

    /// <summary>Asks a bitcoind once. It may still be catching up; a node that is away or starting is an error.</summary>
    /// <param name="options">Where it is; its network does not matter.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">Carries the request; null for the platform's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Result<BitcoindIdentity, ChainError>> AskAsync(BitcoindOptions options, TimeProvider time, HttpMessageHandler? handler, CancellationToken cancellationToken)
    {
        using var rpc = new BitcoindRpcClient(options.RpcAddress, options.Credentials, options.Retries with { AttemptsMax = 1 }, options.RequestTimeout, time, handler);
        if (!(await rpc.BatchAsync([new RpcCall("getblockhash", 0), new RpcCall("getblockhash", 1)], cancellationToken)).TryGet(out var replies, out var error))
            return error;
        if (replies[0].Fault is { } fault)
            return BitcoindQueries.Unexpected("getblockhash", fault);
        if (!replies[0].Result.TryBlockHash(out var genesis))
            return BitcoindQueries.Garbage("getblockhash");
        if (replies[1].Fault is { Code: RpcFault.InvalidParameter })
            return new BitcoindIdentity(genesis, null);
        if (replies[1].Fault is { } second)
            return BitcoindQueries.Unexpected("getblockhash", second);
        return replies[1].Result.TryBlockHash(out var first) ? new BitcoindIdentity(genesis, first) : BitcoindQueries.Garbage("getblockhash");
    }
}
