using System.Net;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Mail;

namespace Tributary.Server;

/// <summary>What an operator chooses at start.</summary>
/// <param name="Port">TCP port on the loopback address; 0 lets the system choose.</param>
/// <param name="DataFolder">Where everything that must survive a restart lies; created when it is missing.</param>
/// <param name="Network">The Bitcoin network; the embedded chain is regtest.</param>
public sealed record ServerOptions(int Port, string DataFolder, BitcoinNetwork Network)
{
    /// <summary>Where in the data folder the live half's is.</summary>
    public const string LiveFolder = "live";

    /// <summary>
    /// The live half beside this one, with its own chain, folder and database: live keys act there, and test keys here. Null where there are no live
    /// keys.
    /// </summary>
    public ServerOptions? Live { get; init; }

    /// <summary>A bitcoind's RPC address, or null for the embedded regtest chain.</summary>
    public Uri? BitcoindUrl { get; init; }

    /// <summary>bitcoind's cookie file, or null for credentials from the environment.</summary>
    public string? BitcoindCookieFile { get; init; }

    /// <summary>How often the embedded chain mines by itself, or null for on demand only.</summary>
    public TimeSpan? BlockEvery { get; init; }

    /// <summary>Where the Lightning node takes connections of peers; null for a free port on the loopback address.</summary>
    public IPEndPoint? LightningListen { get; init; }

    /// <summary>The operator says that the data folder was moved here, and that the original never ran again: it is no copy.</summary>
    public bool IsMoved { get; init; }

    /// <summary>A file of prices of bitcoin, or null for the demo prices of a regtest chain and none elsewhere.</summary>
    public string? PriceFile { get; init; }

    /// <summary>Mainnet may be used: the operator has said that this is real money.</summary>
    public bool AllowsRealMoney { get; init; }

    /// <summary>
    /// Whose addresses shoppers pay on chain, with the keys elsewhere: an output descriptor, or an extended public key whose P2WPKH addresses are meant.
    /// Null for the server's own wallet.
    /// </summary>
    public string? OnChainDescriptor { get; init; }

    /// <summary>Where it listens; the loopback address, unless the operator says otherwise.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>By which address shoppers reach it, where that is not the one it listens on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>A certificate with those above it, in PEM; null for no TLS.</summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary>The certificate's key, in PEM.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>Proxies in front of the server, whose <c>X-Forwarded-</c> headers count.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>A collector of OpenTelemetry (<c>http://127.0.0.1:4317</c>), or null for none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Logs are JSON, one line for each.</summary>
    public bool LogsJson { get; init; }

    /// <summary>A PostgreSQL as <c>postgres://user@host:port/database</c>, without its password; null for SQLite in the data folder.</summary>
    public string? Database { get; init; }

    /// <summary>The mail server for receipts, invitations and resets; null: no mail is sent.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary>The live half's options with what the server has once for both: where it is reached, and by which mail server it writes.</summary>
    internal ServerOptions? ForLive() => Live is null ? null : Live with
    {
        Live = null,
        Port = Port,
        ListenAddress = ListenAddress,
        PublicUrl = PublicUrl,
        TlsCertificateFile = TlsCertificateFile,
        TlsKeyFile = TlsKeyFile,
        TrustedProxies = TrustedProxies,
        OtlpEndpoint = OtlpEndpoint,
        LogsJson = LogsJson,
        Smtp = Smtp,
    };
}
