using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Chain;

/// <summary>Opens the chain source that the operator chose.</summary>
internal static class ChainSources
{
    private const string ChainFolder = "regtest.chain";
    private static readonly TimeSpan s_lookTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Where the subsidy goes when nobody is named: a script that anyone can spend, so that no coin is lost to a developer.</summary>
    internal static Script Nobody { get; } = StandardScripts.P2wshOf(new ScriptBuilder().Add(Opcode.Op1).Build());

    internal static Result<IChainSource, Refusal> OpenEmbedded(ServerOptions options, TimeProvider clock)
    {
        if (options.Network != BitcoinNetwork.Regtest)
            return new Refusal("--network", $"{options.Network} needs a bitcoind: name its RPC address with --bitcoind");
        if (options.BlockEvery is { } interval && (interval < TimeSpan.FromSeconds(1) || interval > TimeSpan.FromDays(1)))
            return new Refusal("--block-every", "is a number of seconds from 1 to 86400");

        Directory.CreateDirectory(options.DataFolder);
        var embedded = new EmbeddedChainOptions
        {
            Path = Path.Combine(options.DataFolder, ChainFolder),
            Clock = options.BlockEvery is { } every ? new MiningClock(every, Nobody) : null,
        };
        return EmbeddedChain.Open(embedded, clock).Then<IChainSource>(static chain => chain);
    }

    internal static Result<IChainSource, Refusal> OpenBitcoind(ServerOptions options, Uri address, TimeProvider clock) =>
        Bitcoind(options, address).Then<IChainSource>(bitcoind => BitcoindChainSource.Start(bitcoind, clock));

    /// <summary>
    /// Which chain the chosen bitcoind follows. Null where none was chosen, and for one that does not answer now: that it is away is no reason not to
    /// start, and its chain source refuses a wrong network when it comes.
    /// </summary>
    internal static async Task<BitcoindIdentity?> LookAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (options.BitcoindUrl is not { } address || !Bitcoind(options, address).TryGet(out var bitcoind, out _))
            return null;
        var patient = bitcoind with { RequestTimeout = s_lookTimeout };
        return (await BitcoindIdentity.AskAsync(patient, clock, handler: null, cancellationToken)).TryGet(out var seen, out _) ? seen : null;
    }

    private static Result<BitcoindOptions, Refusal> Bitcoind(ServerOptions options, Uri address)
    {
        if (address.Scheme is not ("http" or "https"))
            return new Refusal("--bitcoind", "is the RPC address of a bitcoind, such as http://127.0.0.1:18443/");

        var credentials = options.BitcoindCookieFile is { } cookie
            ? BitcoindCredentials.FromCookieFile(cookie)
            : BitcoindCredentials.FromEnvironment(Environment.GetEnvironmentVariable);
        if (credentials is null)
            return new Refusal("--bitcoind-cookie", "names bitcoind's cookie file; or set TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD");
        return new BitcoindOptions(address, credentials, options.Network);
    }
}
