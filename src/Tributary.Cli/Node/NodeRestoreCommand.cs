using System.CommandLine;
using Tributary.Bitcoin.Networks;
using Tributary.Cli.Node.Control;
using Tributary.Cli.Node.Views;
using Tributary.Cli.Reporting;

namespace Tributary.Cli.Node;

/// <summary><c>tributary node restore</c>: makes a folder from a seed's words and a backup or a replica. The node is then started as ever.</summary>
internal static class NodeRestoreCommand
{
    /// <summary>Where the words come from, so that they stand neither in the history of a shell nor in a list of processes.</summary>
    private const string WordsVariable = "TRIBUTARY_WORDS";

    internal static Command Create(TimeProvider clock)
    {
        var file = new Argument<string?>("file") { Description = "What 'tributary node backup' wrote.", Arity = ArgumentArity.ZeroOrOne };
        var replica = new Option<string?>("--replica") { Description = "Instead of a file: the folder that 'node start --replica' wrote. It knows payments and invoices too." };
        var network = new Option<string>("--network") { Description = "The network of the node.", DefaultValueFactory = static _ => "regtest" };
        var bitcoind = new Option<string?>("--bitcoind") { Description = "RPC address of a bitcoind; credentials as for 'node start'." };
        var cookie = new Option<string?>("--bitcoind-cookie") { Description = "bitcoind's cookie file." };
        var command = new Command("restore", $"Make a node's folder from the words of its seed ({WordsVariable} in the environment, or standard input) and a backup or replica.") { file, replica, network, bitcoind, cookie };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            if (!BitcoinNetwork.TryParse(parsed.GetValue(network)!, out var chosen))
                return writer.Fail("--network", $"'{parsed.GetValue(network)}' is none of {string.Join(", ", BitcoinNetwork.All)}");
            if (!Uri.TryCreate(parsed.GetValue(bitcoind), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                return writer.Fail("--bitcoind", "is the RPC address of a bitcoind, like http://127.0.0.1:18443/");
            if (parsed.GetValue(file) is { Length: > 0 } == parsed.GetValue(replica) is { Length: > 0 })
                return writer.Fail("file", "is what 'node backup' wrote; or give --replica and the folder of 'node start --replica', one of the two");
            var fromReplica = parsed.GetValue(file) is not { Length: > 0 };
            var path = Path.GetFullPath((fromReplica ? parsed.GetValue(replica) : parsed.GetValue(file))!);
            if (fromReplica ? !Directory.Exists(path) : !File.Exists(path))
                return writer.Fail(fromReplica ? "--replica" : "file", $"{path} does not exist");
            var words = Environment.GetEnvironmentVariable(WordsVariable) is { Length: > 0 } text ? text : await Console.In.ReadLineAsync(cancellationToken);
            if (string.IsNullOrWhiteSpace(words))
                return writer.Fail(WordsVariable, "is empty, and nothing came on standard input: give the words of the seed");

            var settings = new NodeSettings(chosen, Path.GetFullPath(parsed.GetValue(NodeCommand.Data)!))
            {
                Bitcoind = address,
                CookieFile = parsed.GetValue(cookie),
                ReplicaFolder = fromReplica ? path : null,
            };
            var restored = await NodeProcess.RestoreAsync(settings, words.Trim(), fromReplica ? null : await File.ReadAllBytesAsync(path, cancellationToken), clock, cancellationToken);
            return restored.TryGet(out var channels, out var refusal)
                ? writer.Report(new BackupView(path, channels, Words: null), ControlJson.Plain.BackupView, static (terminal, view) => NodeShow.Restored(terminal, view))
                : writer.Fail(refusal);
        });
        return command;
    }
}
