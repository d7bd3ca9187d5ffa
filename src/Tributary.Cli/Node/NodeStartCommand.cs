using System.CommandLine;
using System.Net;
using Tributary.Bitcoin.Networks;
using Tributary.Cli.Node.Control;
using Tributary.Cli.Reporting;
using Tributary.Lightning.Peers;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Node;

/// <summary><c>tributary node start</c>: runs the node until it is told to stop.</summary>
internal static class NodeStartCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var network = new Option<string>("--network") { Description = "regtest, signet, testnet4, testnet3 or mainnet.", DefaultValueFactory = static _ => "regtest" };
        var bitcoind = new Option<string?>("--bitcoind")
        {
            Description = "RPC address of a bitcoind (http://127.0.0.1:18443/). Credentials: --bitcoind-cookie, or TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD in the environment.",
        };
        var cookie = new Option<string?>("--bitcoind-cookie") { Description = "bitcoind's cookie file (.cookie in the data directory of its network)." };
        var embedded = new Option<bool>("--embedded-chain") { Description = "Use a regtest chain of its own, kept in the folder; 'tributary node mine' grows it." };
        var listen = new Option<string?>("--listen") { Description = "HOST:PORT to take connections of peers on; without it nobody can dial this node." };
        var alias = new Option<string>("--alias") { Description = "A name for people.", DefaultValueFactory = static _ => "" };
        var trusted = new Option<string[]>("--trust") { Description = "Node id of a peer whose channels are used before their funding confirms (may be repeated).", DefaultValueFactory = static _ => [] };
        var replica = new Option<string?>("--replica")
        {
            Description = "A second folder, best on another disk, that gets all of the channels' state with each commit, encrypted. 'tributary node restore --replica' reads it.",
        };
        var moved = new Option<bool>("--moved")
        {
            Description = "Once, after the folder was moved to another disk or machine: take it as the original. Never for a copy or a restored folder, and never when the original ran again: an old state loses all money of a channel. Without it such a folder is a copy, and its peers close its channels.",
        };
        var realMoney = new Option<bool>("--real-money") { Description = "Allow mainnet. The node is young: do not put in what you cannot lose." };
        var command = new Command("start", "Start the node and keep it running.") { network, bitcoind, cookie, embedded, listen, alias, trusted, replica, moved, realMoney };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            if (!BitcoinNetwork.TryParse(parsed.GetValue(network)!, out var chosen))
                return writer.Fail("--network", $"'{parsed.GetValue(network)}' is none of {string.Join(", ", BitcoinNetwork.All)}");
            if (chosen == BitcoinNetwork.Mainnet && !parsed.GetValue(realMoney))
                return writer.Fail("--real-money", "is not given, and mainnet is real money: this node is young, so start with regtest or signet");
            if (parsed.GetValue(bitcoind) is null == !parsed.GetValue(embedded))
                return writer.Fail("--bitcoind", "names the chain: give the RPC address of a bitcoind, or --embedded-chain for a regtest chain of its own");
            if (parsed.GetValue(embedded) && chosen != BitcoinNetwork.Regtest)
                return writer.Fail("--embedded-chain", $"is regtest only; {chosen} needs a bitcoind");
            if (!ReadEndpoint(parsed.GetValue(listen)).TryGet(out var endpoint, out var refusal) && refusal is not null)
                return writer.Fail(refusal);

            Uri? address = null;
            if (parsed.GetValue(bitcoind) is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0))
            {
                return writer.Fail("--bitcoind", address?.UserInfo.Length > 0
                    ? "must not hold credentials, which others could see: use --bitcoind-cookie or the environment"
                    : $"'{text}' is no address; it is like http://127.0.0.1:18443/");
            }

            var settings = new NodeSettings(chosen, Path.GetFullPath(parsed.GetValue(NodeCommand.Data)!))
            {
                Bitcoind = address,
                CookieFile = parsed.GetValue(cookie),
                ReplicaFolder = parsed.GetValue(replica) is { Length: > 0 } second ? Path.GetFullPath(second) : null,
                IsMoved = parsed.GetValue(moved),
                Listen = endpoint?.Value,
                Alias = parsed.GetValue(alias)!,
            };
            if (settings.ReplicaFolder is { } copy && Path.GetRelativePath(settings.DataFolder, copy) is var relative && (relative is "." || !(relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative))))
                return writer.Fail("--replica", "lies in the node's own folder: a copy belongs on another disk");
            foreach (var id in parsed.GetValue(trusted)!)
            {
                if (!PeerAddress.ParseNodeId(id).TryGet(out var peer, out refusal))
                    return writer.Fail("--trust", refusal.Reason);
                settings.TrustedPeers.Add(peer);
            }

            return await RunAsync(settings, writer, clock, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(NodeSettings settings, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!(await NodeProcess.OpenAsync(settings, clock, cancellationToken)).TryGet(out var process, out var refusal))
            return writer.Fail(refusal);
        await using (process)
        {
            var problem = await process.RunAsync(() => writer.Report(process.Describe(), ControlJson.Plain.StartedView, NodeShow.Started), clock, cancellationToken);
            return problem is null ? 0 : writer.Fail(problem);
        }
    }

    private static Result<Listening, Refusal> ReadEndpoint(string? text)
    {
        if (text is null)
            return new Listening(null);
        if (!PeerAddress.ParseEndpoint(text).TryGet(out var endpoint, out var refusal))
            return new Refusal("--listen", refusal.Reason);
        var host = string.Equals(endpoint.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" : endpoint.Host;
        return IPAddress.TryParse(host, out var address)
            ? new Listening(new IPEndPoint(address, endpoint.Port))
            : new Refusal("--listen", $"'{endpoint.Host}' is no IP address of this machine; 127.0.0.1 takes connections from here only, 0.0.0.0 from everywhere");
    }

    private sealed record Listening(IPEndPoint? Value);
}
