using System.Globalization;
using Spectre.Console;
using Tributary.Cli.Node.Views;

namespace Tributary.Cli.Node;

/// <summary>How reports of a node look to a person.</summary>
internal static class NodeShow
{
    internal static void Started(IAnsiConsole terminal, StartedView view)
    {
        terminal.WriteLine($"Node {view.NodeId}");
        terminal.WriteLine($"  network  {view.Network} ({view.Chain} chain, height {view.Height})");
        terminal.WriteLine($"  listens  {view.Listen ?? "nowhere"}");
        terminal.WriteLine($"  data     {view.Data}");
        if (view.Warning is { } warning)
            terminal.WriteLine($"Warning: {warning}");
        if (view.IsNew)
            terminal.WriteLine("This node is new. 'tributary node backup FILE --words' shows the words that its money comes back from: write them down.");
        terminal.WriteLine("Stop it with Ctrl+C or 'tributary node stop'.");
    }

    internal static void Info(IAnsiConsole terminal, InfoView view)
    {
        terminal.WriteLine($"{view.NodeId}");
        if (view.Alias.Length > 0)
            terminal.WriteLine($"  alias     {view.Alias}");
        terminal.WriteLine($"  network   {view.Network}, height {view.Height}{(view.Synced ? "" : " (not synced)")}");
        foreach (var address in view.Addresses)
            terminal.WriteLine($"  address   {view.NodeId}@{address}");
        terminal.WriteLine($"  peers     {view.Peers}");
        terminal.WriteLine($"  channels  {view.Channels}");
    }

    internal static void Status(IAnsiConsole terminal, StatusView view)
    {
        foreach (var line in view.Summary)
            terminal.WriteLine(line);
        if (view.NextSteps.Count > 0)
        {
            terminal.WriteLine();
            terminal.WriteLine("What to do next:");
            foreach (var line in view.NextSteps)
                terminal.WriteLine($"  {line}");
        }

        if (view.AtRisk.Count > 0)
        {
            terminal.WriteLine();
            terminal.WriteLine("At risk:");
            foreach (var line in view.AtRisk)
                terminal.WriteLine($"  {line}");
        }
    }

    internal static void Peers(IAnsiConsole terminal, PeersView view)
    {
        if (view.Peers.Count == 0)
            terminal.WriteLine("No peer is connected: 'tributary node connect ID@HOST:PORT'.");
        foreach (var peer in view.Peers)
            terminal.WriteLine($"{peer.NodeId}  {peer.Address}  {(peer.Inbound ? "dialled us" : "was dialled")}");
    }

    internal static void Opening(IAnsiConsole terminal, OpeningView view)
    {
        terminal.WriteLine($"Channel {view.ChannelId}");
        terminal.WriteLine($"Its funding {view.FundingTxid}:{view.FundingOutput} is on its way; the channel can be used when it is confirmed.");
    }

    internal static void Channels(IAnsiConsole terminal, ChannelsView view)
    {
        if (view.Channels.Count == 0)
            terminal.WriteLine("No channels: 'tributary node open ID@HOST:PORT SATS'.");
        foreach (var channel in view.Channels)
        {
            terminal.WriteLine($"{channel.ChannelId}  {channel.State}");
            terminal.WriteLine($"  with      {channel.Peer}");
            terminal.WriteLine($"  capacity  {channel.CapacitySat} sat: {Sat(channel.OursMsat)} ours, {Sat(channel.TheirsMsat)} theirs");
            terminal.WriteLine($"  now       can send {Sat(channel.CanSendMsat)}, can receive {Sat(channel.CanReceiveMsat)}; {channel.Htlcs} under way");
            if (channel.Detail.Length > 0)
                terminal.WriteLine($"  {channel.Detail}");
        }
    }

    internal static void Balance(IAnsiConsole terminal, BalanceView view)
    {
        terminal.WriteLine($"in channels   {Sat(view.ChannelsMsat)}{(view.PendingMsat > 0 ? $", and {Sat(view.PendingMsat)} opening or closing" : "")}");
        terminal.WriteLine($"on chain      {view.ConfirmedSat} sat confirmed, {view.UnconfirmedSat} sat not yet");
        terminal.WriteLine($"  spendable   {view.SpendableSat} sat");
        terminal.WriteLine($"  reserve     {view.ReserveSat} sat are kept back so that channels can be claimed on chain");
    }

    internal static void Invoice(IAnsiConsole terminal, InvoiceView view)
    {
        terminal.WriteLine(view.Invoice);
        terminal.WriteLine($"  payment hash  {view.PaymentHash}");
        if (view.Preimage is { } preimage)
            terminal.WriteLine($"  preimage      {preimage} (settles it)");
        terminal.WriteLine($"  expires       {view.ExpiresAt}");
        if (view.Warning is { } warning)
            terminal.WriteLine($"  {warning}");
    }

    internal static void Decoded(IAnsiConsole terminal, DecodedView view)
    {
        terminal.WriteLine($"payee         {view.Payee}");
        terminal.WriteLine($"amount        {(view.AmountMsat is { } amount ? Sat(amount) : "the payer decides")}");
        terminal.WriteLine($"description   {view.Description ?? view.DescriptionHash ?? ""}");
        terminal.WriteLine($"payment hash  {view.PaymentHash}");
        terminal.WriteLine($"network       {view.Network}");
        terminal.WriteLine($"created       {view.CreatedAt}, expires {view.ExpiresAt}");
    }

    internal static void Payment(IAnsiConsole terminal, PaymentView view)
    {
        var what = view.Direction is "out" ? "Payment of" : "Receipt of";
        terminal.WriteLine($"{what} {Sat(view.AmountMsat)}{(view.FeeMsat > 0 ? $" and a fee of {Sat(view.FeeMsat)}" : "")}: {view.State}");
        terminal.WriteLine($"  payment hash  {view.PaymentHash}");
        if (view.Preimage is { } preimage)
            terminal.WriteLine($"  preimage      {preimage}");
        if (view.Reason is { } reason)
            terminal.WriteLine($"  {reason}");
        if (view is { State: "pending", Direction: "out" })
            terminal.WriteLine("  It is under way: 'tributary node payments' shows how it ends. It cannot be paid a second time.");
    }

    internal static void Payments(IAnsiConsole terminal, PaymentsView view)
    {
        if (view.Payments.Count == 0)
            terminal.WriteLine("No payments yet.");
        foreach (var payment in view.Payments)
            terminal.WriteLine($"{payment.CreatedAt}  {payment.Direction,-3}  {payment.State,-9}  {Sat(payment.AmountMsat),20}  {payment.PaymentHash}  {payment.Description}");
    }

    internal static void Events(IAnsiConsole terminal, EventsView view)
    {
        if (view.Events.Count == 0)
            terminal.WriteLine("Nothing has happened.");
        foreach (var one in view.Events)
            terminal.WriteLine($"{one.Sequence,6}  {one.Time}  {one.Kind,-16}  {(one.AmountMsat == 0 ? "" : Sat(one.AmountMsat)),20}  {one.Text}");
    }

    internal static void Backup(IAnsiConsole terminal, BackupView view)
    {
        terminal.WriteLine($"Wrote {view.File} ({view.Channels} {(view.Channels == 1 ? "channel" : "channels")}). 'status' names the one that is kept up to date.");
        if (view.Words is { } words)
            terminal.WriteLine($"Words: {words}");
        terminal.WriteLine("A copy of the whole folder is no backup: started from one, the node has its peers close all channels.");
    }

    internal static void Restored(IAnsiConsole terminal, BackupView view)
    {
        terminal.WriteLine($"Restored {view.Channels} {(view.Channels == 1 ? "channel" : "channels")}. Start the node: it asks the peers to close, and takes what they pay.");
        terminal.WriteLine("Until then that money does not show. Nothing of this node's own old state is ever published.");
    }

    private static string Sat(long millisatoshis) =>
        (millisatoshis / 1000m).ToString(millisatoshis % 1000 == 0 ? "0" : "0.000", CultureInfo.InvariantCulture) + " sat";
}
