using System.CommandLine;
using System.Net;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Cli.Reporting;
using Tributary.Lightning.Node.Hosting;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup;

/// <summary>Options that commands of a rollup share, and what they stand for.</summary>
internal static class RollupOptions
{
    private const string OperatorUrl = "http://127.0.0.1:8660/";

    internal static Option<string> Network { get; } = new("--network") { Description = "regtest, signet, testnet4, testnet3 or mainnet.", DefaultValueFactory = static _ => "regtest" };

    internal static Option<string?> Bitcoind { get; } = new("--bitcoind")
    {
        Description = "RPC address of a bitcoind (http://127.0.0.1:18443/). Credentials: --bitcoind-cookie, or TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD in the environment.",
    };

    internal static Option<string?> Cookie { get; } = new("--bitcoind-cookie") { Description = "bitcoind's cookie file (.cookie in the data directory of its network)." };

    internal static Option<bool> NoPassphrase { get; } = new("--no-passphrase")
    {
        Description = $"Keep the words in the folder for its owner to read. Otherwise {NodeSeed.PassphraseVariable} in the environment seals them.",
    };

    internal static Option<bool> Words { get; } = new("--words") { Description = "Show the words of the seed: write them down, and keep them from others." };

    internal static Option<bool> RealMoney { get; } = new("--real-money") { Description = "Allow mainnet. Rollups are young: do not put in what you cannot lose." };

    internal static Option<string?> Rollup { get; } = new("--rollup") { Description = $"Address of the operator ({OperatorUrl}, or the one that the wallet was made with)." };

    /// <summary>The network that was asked for.</summary>
    internal static Result<BitcoinNetwork, Refusal> ReadNetwork(ParseResult parsed)
    {
        var name = parsed.GetValue(Network)!;
        if (!BitcoinNetwork.TryParse(name, out var network))
            return new Refusal("--network", $"'{name}' is none of {string.Join(", ", BitcoinNetwork.All)}");
        return network;
    }

    /// <summary>Refuses real money that was not asked for.</summary>
    internal static Refusal? CheckRealMoney(ParseResult parsed, BitcoinNetwork network) => network == BitcoinNetwork.Mainnet && !parsed.GetValue(RealMoney)
        ? new Refusal("--real-money", "is not given, and mainnet is real money: rollups are young, so start with regtest or signet")
        : null;

    /// <summary>The chain that was named; the caller's to dispose of.</summary>
    internal static Result<IChainSource, Refusal> OpenChain(ParseResult parsed, BitcoinNetwork network, TimeProvider clock)
    {
        if (parsed.GetValue(Bitcoind) is not { } text)
            return new Refusal("--bitcoind", "is missing: give the RPC address of a bitcoind, like http://127.0.0.1:18443/");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return new Refusal("--bitcoind", $"'{text}' is no address; it is like http://127.0.0.1:18443/");
        if (address.UserInfo.Length > 0)
            return new Refusal("--bitcoind", "must not hold credentials, which others could see: use --bitcoind-cookie or the environment");
        var credentials = parsed.GetValue(Cookie) is { } cookie ? BitcoindCredentials.FromCookieFile(cookie) : BitcoindCredentials.FromEnvironment(Environment.GetEnvironmentVariable);
        if (credentials is null)
            return new Refusal("--bitcoind-cookie", "names bitcoind's cookie file; or set TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD");
        return BitcoindChainSource.Start(new BitcoindOptions(address, credentials, network) { PollInterval = TimeSpan.FromMilliseconds(250) }, clock);
    }

    /// <summary>What opens the words of a folder.</summary>
    internal static Result<WalletPassphrase, Refusal> Passphrase() => NodeSeed.Passphrase(Environment.GetEnvironmentVariable);

    /// <summary>What seals new words: going without has to be said.</summary>
    internal static Result<WalletPassphrase, Refusal> NewPassphrase(ParseResult parsed)
    {
        var variable = Environment.GetEnvironmentVariable(NodeSeed.PassphraseVariable);
        if (parsed.GetValue(NoPassphrase))
            return string.IsNullOrEmpty(variable) ? WalletPassphrase.None : new Refusal("--no-passphrase", $"is given, and {NodeSeed.PassphraseVariable} is set: choose one");
        return string.IsNullOrEmpty(variable)
            ? new Refusal(NodeSeed.PassphraseVariable, "is not set: put a passphrase there that seals the words of the seed, or say --no-passphrase to keep them readable in the folder")
            : WalletPassphrase.Create(variable);
    }

    /// <summary>The operator's address: as given, or another.</summary>
    internal static Result<Uri, Refusal> OperatorAddress(ParseResult parsed, string? otherwise)
    {
        var text = parsed.GetValue(Rollup) ?? otherwise ?? OperatorUrl;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : new Refusal("--rollup", $"'{text}' is no address; it is like {OperatorUrl}");
    }

    /// <summary>Where to listen.</summary>
    internal static Result<IPEndPoint, Refusal> ReadEndpoint(string option, string text)
    {
        if (!PeerAddress.ParseEndpoint(text).TryGet(out var endpoint, out var refusal))
            return new Refusal(option, refusal.Reason);
        var host = string.Equals(endpoint.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" : endpoint.Host;
        return IPAddress.TryParse(host, out var address)
            ? new IPEndPoint(address, endpoint.Port)
            : new Refusal(option, $"'{endpoint.Host}' is no IP address of this machine; 127.0.0.1 takes connections from here only, 0.0.0.0 from everywhere");
    }

    /// <summary>Makes a folder that nobody else can look into.</summary>
    internal static Refusal? MakeFolder(string path)
    {
        try
        {
            HostedNode.CreatePrivateFolder(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("--data", $"{path} can't be used: {exception.Message}");
        }
    }

    /// <summary>The operator that the wallet in the command's folder was made with; null where there is none.</summary>
    internal static string? KnownOperator(ParseResult parsed) => WalletFile.Read(Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!)).TryGet(out var file, out _) ? file.Address : null;

    /// <summary>Runs a command against the operator.</summary>
    internal static async Task<int> WithClientAsync(ParseResult parsed, string? otherwise, Func<RollupClient, ReportWriter, Task<int>> work)
    {
        var writer = ReportWriter.For(parsed);
        if (!OperatorAddress(parsed, otherwise).TryGet(out var address, out var refusal))
            return writer.Fail(refusal);
        using var http = RollupClient.CreateHttp();
        return await work(new RollupClient(http, address), writer);
    }
}
