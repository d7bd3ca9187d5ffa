using System.CommandLine;
using System.Net;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;
using Tributary.Server;
using Tributary.Server.Mail;

namespace Tributary.Cli.Up;

/// <summary>The words of <c>up</c>: what the server serves from, and of which money.</summary>
internal sealed class UpOptions
{
    private const int DefaultPort = 8086;

    private readonly Option<int> _port = new("--port") { Description = "TCP port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = static _ => DefaultPort };
    private readonly Option<string> _data = new("--data") { Description = "Folder for everything that must survive a restart.", DefaultValueFactory = static _ => UpCommand.DefaultDataFolder() };

    private readonly Option<string?> _bitcoind = new("--bitcoind")
    {
        Description = "RPC address of a bitcoind (http://127.0.0.1:18443/): live keys act on its chain, with a node and a database of their own in the folder 'live'. Without it there are no live keys. Test keys act on the embedded regtest chain. Credentials: --bitcoind-cookie, or TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD in the environment.",
    };

    private readonly Option<string?> _cookie = new("--bitcoind-cookie") { Description = "bitcoind's cookie file (.cookie in the data directory of its network)." };
    private readonly Option<string> _network = new("--network") { Description = "The network of the bitcoind: regtest, signet, testnet4, testnet3 or mainnet.", DefaultValueFactory = static _ => "regtest" };
    private readonly Option<int?> _blockEvery = new("--block-every") { Description = "Let the embedded chain mine a block every so many seconds; without it, it mines on demand." };

    private readonly Option<string?> _listen = new("--lightning-listen")
    {
        Description = "IP:PORT where the Lightning node takes connections of peers; without it a free port of 127.0.0.1. It is the live node's where there are live keys.",
    };

    private readonly Option<string?> _prices = new("--price-file")
    {
        Description = "JSON file of what a bitcoin costs ({ \"eur\": \"67123.45\" }), written anew by a program of yours; without it regtest has fixed demo prices and other networks have none.",
    };

    private readonly Option<string?> _descriptor = new("--onchain-descriptor")
    {
        Description = "Whose addresses shoppers pay on chain, with the keys elsewhere: an output descriptor, or an xpub of an account that nothing else uses (its P2WPKH addresses). Refunds on chain wait for a signature (PSBT) of yours.",
    };

    private readonly Option<string?> _database = new("--database")
    {
        Description = "A PostgreSQL of this server's own, as postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full; without it SQLite in the data folder. The password comes from TRIBUTARY_DATABASE_PASSWORD in the environment or from ~/.pgpass, never from an argument.",
    };

    private readonly Option<string?> _liveDatabase = new("--live-database")
    {
        Description = "The same for live payments, which never share a database with test payments; without it SQLite in the folder 'live'. Has to be given where --bitcoind and --database are.",
    };

    private readonly Option<string?> _smtp = new("--smtp")
    {
        Description = "Mail server for receipts, invitations and resets: smtp://user@mail.example:587, or smtps:// for TLS from the first byte. The password is TRIBUTARY_SMTP_PASSWORD in the environment.",
    };

    private readonly Option<string?> _mailFrom = new("--mail-from") { Description = "Sender of all mail, like \"My shop <pay@shop.example>\"." };
    private readonly Option<bool> _realMoney = new("--real-money") { Description = "Allow mainnet. The Lightning node is young: do not put in what you cannot lose." };

    private readonly Option<bool> _moved = new("--moved")
    {
        Description = "Once, after the data folder was moved to another disk or machine and the original never ran again. Never for a copy or a restored folder: without it the Lightning node of such a folder has its peers close all channels, and with it an old state can lose them.",
    };

    private readonly OperationOptions _operation = new();

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_port, _data, _database, _liveDatabase, _bitcoind, _cookie, _network, _blockEvery, _listen, _prices, _descriptor, _smtp, _mailFrom, _moved, _realMoney])
            command.Add(option);
        _operation.AddTo(command);
    }

    /// <summary>What was said; refused with the word that cannot be understood.</summary>
    public Result<ServerOptions, Refusal> Read(ParseResult parsed)
    {
        if (!BitcoinNetwork.TryParse(parsed.GetValue(_network)!, out var network))
            return new Refusal("--network", $"'{parsed.GetValue(_network)}' is none of {string.Join(", ", BitcoinNetwork.All)}");
        if (parsed.GetValue(_port) is < 0 or > ushort.MaxValue)
            return new Refusal("--port", "is a number from 0 to 65535");

        Uri? bitcoind = null;
        if (parsed.GetValue(_bitcoind) is { } text && !Uri.TryCreate(text, UriKind.Absolute, out bitcoind))
            return new Refusal("--bitcoind", $"'{text}' is no address; it is like http://127.0.0.1:18443/");

        IPEndPoint? lightning = null;
        if (parsed.GetValue(_listen) is { } endpoint && !IPEndPoint.TryParse(endpoint, out lightning))
            return new Refusal("--lightning-listen", $"'{endpoint}' is no address of this machine; it is like 127.0.0.1:9735");

        SmtpSettings? mail = null;
        if (parsed.GetValue(_smtp) is { } server && !SmtpSettings.Read(server, parsed.GetValue(_mailFrom), Environment.GetEnvironmentVariable("TRIBUTARY_SMTP_PASSWORD")).TryGet(out mail, out var unreadable))
            return unreadable;
        if (CheckLive(parsed, bitcoind, network) is { } refusal)
            return refusal;

        // Where there is a live half, what speaks of money that is worth something is that half's.
        var folder = Path.GetFullPath(parsed.GetValue(_data)!);
        var both = new ServerOptions(parsed.GetValue(_port), folder, BitcoinNetwork.Regtest)
        {
            Smtp = mail,
            IsMoved = parsed.GetValue(_moved),
            PriceFile = parsed.GetValue(_prices) is { } file ? Path.GetFullPath(file) : null,
        };
        var options = both with
        {
            Database = parsed.GetValue(_database),
            BlockEvery = parsed.GetValue(_blockEvery) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            LightningListen = bitcoind is null ? lightning : null,
            OnChainDescriptor = bitcoind is null ? parsed.GetValue(_descriptor) : null,
            Live = bitcoind is null ? null : both with
            {
                DataFolder = Path.Combine(folder, ServerOptions.LiveFolder),
                Network = network,
                Database = parsed.GetValue(_liveDatabase),
                BitcoindUrl = bitcoind,
                BitcoindCookieFile = parsed.GetValue(_cookie),
                LightningListen = lightning,
                OnChainDescriptor = parsed.GetValue(_descriptor),
                AllowsRealMoney = parsed.GetValue(_realMoney),
            },
        };
        return _operation.Read(parsed, options);
    }

    private Refusal? CheckLive(ParseResult parsed, Uri? bitcoind, BitcoinNetwork network)
    {
        if (bitcoind is null && network != BitcoinNetwork.Regtest)
            return new Refusal("--network", $"{network} needs a bitcoind: name its RPC address with --bitcoind");
        if (bitcoind is null && parsed.GetValue(_cookie) is not null)
            return new Refusal("--bitcoind-cookie", "goes together with --bitcoind, which is not given");
        var isNamed = parsed.GetValue(_liveDatabase) is not null;
        if (isNamed == (bitcoind is not null && parsed.GetValue(_database) is not null))
            return null;
        return new Refusal("--live-database", isNamed
            ? "goes together with --bitcoind, without which nothing is live, and --database, which holds test payments"
            : "is not given, and --database holds test payments alone: name a second database for live ones");
    }
}
