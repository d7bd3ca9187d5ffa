using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Rollup.Api;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup status</c>: how far a rollup is, as its operator says.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var command = new Command("status", "Show how far a rollup is, as its operator says; 'rollup verify' asks Bitcoin instead.") { RollupOptions.Rollup };
        command.SetAction((parsed, cancellationToken) => RollupOptions.WithClientAsync(parsed, null, async (client, writer) =>
            (await client.DescribeAsync(cancellationToken)).TryGet(out var view, out var refusal) ? writer.Report(view, RollupJson.Plain.RollupView, Show) : writer.Fail(refusal)));
        return command;
    }

    internal static void Show(IAnsiConsole terminal, RollupView view)
    {
        terminal.WriteLine($"rollup    {view.Rollup} on {view.Network}, proofs '{view.Parameters}'");
        terminal.WriteLine($"Bitcoin   height {Text(view.Height)}; rollup time {Text(view.RollupHeight)}");
        terminal.WriteLine($"batches   open {Text(view.OpenBatch)} with {Text(view.OpenOperations)} operations; closed {Text(view.ClosedBatch)}, anchored {Text(view.AnchoredBatch)}, proven {Text(view.ProvenBatch)}");
        terminal.WriteLine($"proofs    {Text(view.ProvenSegments)} of {Text(view.Segments)} segments on Bitcoin");
        if (view.Prover is { } prover)
            terminal.WriteLine(prover.Segment is { } segment ? $"prover    segment {Text(segment)}: {prover.Share:P0} ({prover.Stage ?? "starting"}); {Text(prover.Waiting)} wait" : "prover    idle");
        terminal.WriteLine($"root      {view.Root}");
        terminal.WriteLine($"proven    {view.ProvenRoot}");
        terminal.WriteLine($"deposits  to {view.Vault} by 'tributary rollup deposit', {Text(view.DepositMinSat)} sat at least; the least fee is {Text(view.FeeMinSat)} sat");
        terminal.WriteLine($"wallet    {Text(view.WalletSat)} sat for anchors");
        if (view.Revocations > 0)
            terminal.WriteLine($"revoked   {Text(view.Revocations)} receipts since the beginning");
        if (view.Problem is not null)
            terminal.WriteLine($"problem   {view.Problem}");
    }

    private static string Text(IFormattable number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
