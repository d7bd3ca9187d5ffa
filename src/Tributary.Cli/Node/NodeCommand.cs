using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Tributary.Cli.Node.Control;
using Tributary.Cli.Node.Views;
using Tributary.Cli.Reporting;

namespace Tributary.Cli.Node;

/// <summary><c>tributary node</c>: a Lightning node, started by one command and driven by the others.</summary>
internal static class NodeCommand
{
    /// <summary>The folder that a node lives in.</summary>
    internal static Option<string> Data { get; } = new("--data")
    {
        Description = "The node's folder.",
        DefaultValueFactory = static _ => DefaultDataFolder(),
        Recursive = true,
    };

    internal static Command Create(TimeProvider clock)
    {
        var command = new Command("node", "Run a Lightning node and drive it.") { NodeStartCommand.Create(clock), NodeDecodeCommand.Create(), NodeRestoreCommand.Create(clock) };
        command.Add(Data);
        foreach (var call in Calls())
            command.Add(call);
        return command;
    }

    /// <summary>By the XDG base directory specification.</summary>
    private static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "tributary", "node");

    private static IEnumerable<Command> Calls()
    {
        var json = ControlJson.Plain;
        yield return Call("info", "Show who this node is.", json.InfoView, NodeShow.Info);
        yield return Call("status", "Say what can be sent and received now, what to do next, and what is at risk.", json.StatusView, NodeShow.Status);
        yield return Call("address", "Show a new address to send bitcoin to.", json.AddressView, static (terminal, view) => terminal.WriteLine(view.Address));
        yield return Call(
            "withdraw", "Send bitcoin on chain.", json.WithdrawalView, static (terminal, view) => terminal.WriteLine($"Sent in transaction {view.Txid}."),
            Argument("address", "Whom."), Argument("amount", "Satoshis, or 'all' for what the reserve leaves."), Value("--feerate", "feerate", "sat/vB; otherwise estimated."));
        yield return Call("connect", "Connect with a peer.", json.PeerView, static (terminal, view) => terminal.WriteLine($"Connected with {view.NodeId} at {view.Address}."), Argument("peer", "ID@HOST:PORT"));
        yield return Call("peers", "List the peers that are connected.", json.PeersView, NodeShow.Peers);
        yield return Call(
            "open", "Open a channel.", json.OpeningView, NodeShow.Opening,
            Argument("peer", "The peer's node id, or ID@HOST:PORT to connect first."), Argument("amount", "Satoshis that we put in."),
            Value("--push", "push", "Satoshis that the peer gets as a gift."), Flag("--private", "private", "Let nobody know the channel's place in the chain, where the peer can do that. No channel of this node is announced, with or without this."),
            Value("--feerate", "feerate", "Of the funding transaction, in sat/vB; otherwise estimated."));
        yield return Call("channels", "List channels.", json.ChannelsView, NodeShow.Channels);
        yield return Call("balance", "Show what the node holds.", json.BalanceView, NodeShow.Balance);
        yield return Call(
            "invoice", "Write an invoice.", json.InvoiceView, NodeShow.Invoice,
            Argument("amount", "Millisatoshis, or 'any' to let the payer decide."), Value("--description", "description", "What it is for."), Value("--expiry", "expiry", "Seconds until it can no longer be paid (3600)."),
            OptionalValue("--hold", "hold", "hash", "Keep the payment waiting for settle or cancel; with a hash, for a preimage that somebody else has."));
        yield return Call(
            "pay", "Pay an invoice.", json.PaymentView, NodeShow.Payment,
            Argument("invoice", "The invoice's text (BOLT 11)."), Value("--amount", "amount", "Millisatoshis, for an invoice without an amount."),
            Value("--max-fee", "max_fee", "Millisatoshis that the nodes between may keep at most."), Value("--timeout", "timeout", "Seconds in which attempts are made (60)."));
        yield return Call(
            "keysend", "Pay a node without an invoice.", json.PaymentView, NodeShow.Payment,
            Argument("node", "The payee's node id."), Argument("amount", "Millisatoshis."), Value("--max-fee", "max_fee", "Millisatoshis that the nodes between may keep at most."));
        yield return Call("payments", "List payments, in and out.", json.PaymentsView, NodeShow.Payments);
        yield return Call("settle", "Take the payment of a hold invoice.", json.PaymentView, NodeShow.Payment, Argument("preimage", "64 hex digits."));
        yield return Call("cancel", "Give the payment of a hold invoice back.", json.PaymentView, NodeShow.Payment, Argument("hash", "The payment hash, 64 hex digits."));
        yield return Call(
            "close", "Close a channel.", json.CloseView, static (terminal, view) => terminal.WriteLine(view.Detail),
            Argument("channel", "Its id, or the beginning of it."), Flag("--force", "force", "Do not ask the peer: publish our commitment, and wait for the delay."));
        yield return Call(
            "events", "List what has happened.", json.EventsView, NodeShow.Events,
            Value("--after", "after", "Only events after this number."), Value("--wait", "wait", "Seconds to wait for the first."));
        yield return Call(
            "backup", "Write what brings the money of channels back, together with the words of the seed.", json.BackupView, NodeShow.Backup,
            File("file", "Where to."), Flag("--words", "words", "Show the words of the seed too: write them down, and keep them from others."));
        yield return Call(
            "mine", "Mine blocks of the embedded chain.", json.MinedView, static (terminal, view) => terminal.WriteLine($"Mined {view.Blocks}; the chain has {view.Height} blocks."),
            Argument("blocks", "How many."), Value("--address", "address", "Who gets the reward; otherwise this node."));
        yield return Call("stop", "Stop the node.", json.StoppedView, static (terminal, _) => terminal.WriteLine("The node stops."));
    }

    private static Command Call<T>(string name, string description, JsonTypeInfo<T> type, Action<IAnsiConsole, T> show, params Parameter[] parameters)
        where T : notnull
    {
        var command = new Command(name, description);
        foreach (var parameter in parameters)
            parameter.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var parameter in parameters)
                parameter.Read(parsed, arguments);
            var reply = await ControlClient.CallAsync(Path.GetFullPath(parsed.GetValue(Data)!), new ControlRequest(name, arguments), cancellationToken);
            if (!reply.TryGet(out var result, out var refusal))
                return writer.Fail(refusal);
            var view = result.Deserialize(type)!;
            var failed = view is PaymentView { State: "failed", Direction: "out" };
            return writer.Report(view, type, show, failed ? 1 : 0);
        });
        return command;
    }

    private static Parameter Argument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        return new Parameter(command => command.Add(argument), (parsed, values) => values[name] = parsed.GetValue(argument)!);
    }

    /// <summary>A path, as seen from where the command is given, which is not where the node runs.</summary>
    private static Parameter File(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        return new Parameter(command => command.Add(argument), (parsed, values) => values[name] = Path.GetFullPath(parsed.GetValue(argument)!));
    }

    private static Parameter Value(string option, string name, string description)
    {
        var value = new Option<string?>(option) { Description = description };
        return new Parameter(
            command => command.Add(value),
            (parsed, values) =>
            {
                if (parsed.GetValue(value) is { } given)
                    values[name] = given;
            });
    }

    private static Parameter Flag(string option, string name, string description)
    {
        var flag = new Option<bool>(option) { Description = description };
        return new Parameter(
            command => command.Add(flag),
            (parsed, values) =>
            {
                if (parsed.GetValue(flag))
                    values[name] = "true";
            });
    }

    /// <summary>An option that may stand alone, or have a value.</summary>
    private static Parameter OptionalValue(string option, string flagName, string valueName, string description)
    {
        var value = new Option<string?>(option) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        return new Parameter(
            command => command.Add(value),
            (parsed, values) =>
            {
                if (parsed.GetResult(value) is null)
                    return;
                values[flagName] = "true";
                if (parsed.GetValue(value) is { Length: > 0 } given)
                    values[valueName] = given;
            });
    }

    private sealed record Parameter(Action<Command> AddTo, Action<ParseResult, Dictionary<string, string>> Read);
}
