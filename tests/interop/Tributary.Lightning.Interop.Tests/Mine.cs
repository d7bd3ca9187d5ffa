using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>Blocks on a test's chain.</summary>
internal static class Mine
{
    /// <summary>Mines, and returns the height.</summary>
    internal static async Task<int> BlocksAsync(BitcoindNode bitcoind, int count, CancellationToken cancellationToken)
    {
        var address = (await bitcoind.WalletRpcAsync(LdkPeer.WalletName, "getnewaddress", cancellationToken, "", "bech32")).GetString()!;
        await bitcoind.RpcAsync("generatetoaddress", cancellationToken, count, address);
        return (await bitcoind.RpcAsync("getblockcount", cancellationToken)).GetInt32();
    }

    /// <summary>
    /// Time to act on a block: a moment after most, and after the last third of those that a test makes at the most as long as something new takes to
    /// come into the mempool, or what the test waits for to hold.
    /// </summary>
    internal static async Task PauseAsync(BitcoindNode bitcoind, Func<Task<bool>> holds, int block, int max, CancellationToken cancellationToken)
    {
        await Task.Delay(60, cancellationToken);
        if (block * 3 < max * 2)
            return;
        var before = (await bitcoind.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength();
        for (var patience = 0; patience < 50; patience++)
        {
            if (await holds() || (await bitcoind.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() != before)
                return;
            await Task.Delay(100, cancellationToken);
        }
    }
}
