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
}
