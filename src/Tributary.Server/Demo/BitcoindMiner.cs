using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Demo;

/// <summary>Asks a bitcoind on regtest for blocks.</summary>
internal sealed class BitcoindMiner(BitcoindRpcClient rpc) : IMiner, IDisposable
{
    // A thousand hashes of 64 digits with room to spare.
    private const int AnswerBytesMax = 1 << 20;

    public async Task<Refusal?> MineAsync(int blocks, Script payTo, CancellationToken cancellationToken)
    {
        if (!Address.TryFromScript(payTo, BitcoinNetwork.Regtest, out var address))
            return new Refusal("blocks", "can be mined to scripts with an address only");
        var call = new RpcCall("generatetoaddress", blocks, address.ToString()) { AnswerBytesMax = AnswerBytesMax };
        if (!(await rpc.CallAsync(call, cancellationToken)).TryGet(out var reply, out var error))
            return new Refusal("blocks", error.Reason);
        return reply.Fault is { } fault ? new Refusal("blocks", fault.Message) : null;
    }

    public void Dispose() => rpc.Dispose();
}
