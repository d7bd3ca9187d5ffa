using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Bitcoin.Networks;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Views;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Stark;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Sequencing;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Wallets;
using Tributary.Storage.Files;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup prove</c>: proves one batch of a folder whose rollup does not run now.</summary>
internal static class ProveCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var batch = new Option<ulong?>("--batch") { Description = "The batch; otherwise the first without its proofs." };
        var threads = new Option<int>("--threads") { Description = "Threads of the prover.", DefaultValueFactory = static _ => Environment.ProcessorCount };
        var command = new Command("prove", "Prove one batch of an operator's folder, by hand; 'rollup run' does it by itself.") { batch, threads };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            var path = Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!);
            if (parsed.GetValue(threads) is < 1 or > 256)
                return writer.Fail("--threads", "lies between 1 and 256");
            if (!OperatorFile.Read(path).TryGet(out var file, out var refusal) || !RollupOptions.Passphrase().TryGet(out var passphrase, out refusal))
                return writer.Fail(refusal);
            _ = BitcoinNetwork.TryParse(file.Network, out var network);
            await using var chain = new NoChain(network!);
            if (!(await OperatorFolder.OpenAsync(path, passphrase, chain, SystemEntropy.Instance, clock, cancellationToken)).TryGet(out var folder, out refusal))
            {
                return refusal.Reason.Contains("in use", StringComparison.Ordinal)
                    ? writer.Fail("--data", $"{path} is in use: the rollup runs and proves by itself; 'tributary rollup status' says how far it is")
                    : writer.Fail(refusal);
            }

            await using (folder)
            {
                if (folder.Rollup is null)
                    return writer.Fail("--data", "holds a rollup that has not begun: run 'tributary rollup init' again");
                if (!ProofStore.Open(DiskDirectory.Open(Path.Combine(path, "proofs"))).TryGet(out var store, out refusal))
                    return writer.Fail(refusal);
                using (store)
                {
                    // A log that is long takes its time to be read.
                    var opened = await WorkDisplay.RunAsync(writer, clock, "reading the operations", _ => Task.Run(() => RollupService.OpenSequencer(folder, 0, SystemEntropy.Instance, mustExist: true), cancellationToken));
                    if (!opened.TryGet(out var sequencer, out refusal))
                        return writer.Fail(refusal);
                    await using (sequencer)
                        return await ProveAsync(folder, sequencer, store, parsed.GetValue(batch), parsed.GetValue(threads), writer, clock, cancellationToken);
                }
            }
        });
        return command;
    }

    private static async Task<int> ProveAsync(
        OperatorFolder folder, Sequencer sequencer, ProofStore store, ulong? number, int threads, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var prover = new LocalProver(folder.Parameters.Parameters, threads);
        Bytes32 Claim(Tributary.Rollup.Segments.Segment segment) => segment.Statement(prover.VerifyingKey).ComputeDigest();
        var closed = sequencer.Closed;
        var batch = number is { } wanted ? closed.FirstOrDefault(one => one.Header.Number == wanted) : closed.FirstOrDefault(one => !one.Segments.All(segment => store.Contains(Claim(segment))));
        if (batch is null)
        {
            return number is null && closed.Count > 0
                ? writer.Report(new ProveView(0, 0, 0, 0, folder.Path), RollupJson.Plain.ProveView, static (terminal, _) => terminal.WriteLine("Every batch is proven."))
                : writer.Fail("--batch", number is null ? "is none: no batch has been closed yet" : $"{number} is not among the batches that are kept: {(closed.Count == 0 ? "there is none" : $"{closed[0].Header.Number} to {closed[^1].Header.Number}")}");
        }

        var begin = clock.GetTimestamp();
        var made = await WorkDisplay.RunAsync(writer, clock, $"proving batch {batch.Header.Number}", progress => Task.Run(
            () =>
            {
                var count = 0;
                for (var i = 0; i < batch.Segments.Count; i++)
                {
                    var claim = Claim(batch.Segments[i]);
                    if (store.Contains(claim))
                        continue;
                    store.Put(claim, prover.Prove(batch.Segments[i], new Share(progress, i, batch.Segments.Count), cancellationToken));
                    count++;
                }

                return count;
            },
            cancellationToken));
        var view = new ProveView(batch.Header.Number, batch.Segments.Count, made, Math.Round(clock.GetElapsedTime(begin).TotalSeconds, 2), folder.Path);
        return writer.Report(view, RollupJson.Plain.ProveView, Show);
    }

    private static void Show(IAnsiConsole terminal, ProveView view) =>
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Batch {view.Batch}: {view.Made} of {view.Segments} segments proven in {view.Seconds} s; 'tributary rollup run' serves the proofs."));

    private sealed class Share(WorkDisplay display, int segment, int segments) : IProgress<ProverProgress>
    {
        public void Report(ProverProgress value)
        {
            display.Name($"segment {segment + 1} of {segments}: {value.Stage}");
            display.Report((segment + value.Share) / segments);
        }
    }
}
