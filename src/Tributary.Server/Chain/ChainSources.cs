using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Primitives.Results;

namespace Tributary.Server.Chain;

/// <summary>Opens the chain source that the operator chose.</summary>
internal static class ChainSources
{
    internal static Result<IChainSource, Refusal> OpenBitcoind(ServerOptions options, Uri address, TimeProvider clock)
    {
        if (address.Scheme is not ("http" or "https"))
            return new Refusal("--bitcoind", "is the RPC address of a bitcoind, such as http://127.0.0.1:18443/");

        var credentials = options.BitcoindCookieFile is { } cookie
            ? BitcoindCredentials.FromCookieFile(cookie)
            : BitcoindCredentials.FromEnvironment(Environment.GetEnvironmentVariable);
        if (credentials is null)
            return new Refusal("--bitcoind-cookie", "names bitcoind's cookie file; or set TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD");

        return BitcoindChainSource.Start(new BitcoindOptions(address, credentials, options.Network), clock);
    }
}
