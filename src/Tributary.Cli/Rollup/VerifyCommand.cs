using System.CommandLine;
using System.Net;
using System.Text.Json;
using Spectre.Console;
using Tributary.Bitcoin.Chain;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Serving;
using Tributary.Cli.Rollup.Views;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Verification;
using Tributary.Rollup.Withdrawals;
using Tributary.Storage.Files;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup verify</c> and <c>mirror</c>: a stranger's view of a rollup, from Bitcoin and whoever has proofs.</summary>
internal static class VerifyCommand
{
    // Of withdrawals that are not paid so many are listed; their sum counts all.
    private const int UnpaidMax = 100;

    // Where a proof is missing on the way, it is asked for again after so many blocks.
    private const int AskAgainBlocks = 144;

    // A checkpoint costs writing the state out: at most a few times a minute.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(15);

    private static readonly Option<string[]> s_proofs = new("--proofs") { Description = "Who has proofs: the address of an operator or mirror, or the folder of a verifier (may be repeated).", DefaultValueFactory = static _ => [] };
    private static readonly Option<int> s_from = new("--from") { Description = "A height at or below the rollup's beginning.", Required = true };
    private static readonly Option<string?> s_id = new("--rollup-id") { Description = "The rollup's id; otherwise the first that begins." };

    internal static Command Create(TimeProvider clock)
    {
        var follow = new Option<bool>("--follow") { Description = "Go on with every block until stopped; with --json a line for each change." };
        var serve = new Option<string?>("--serve") { Description = "HOST:PORT to serve the proofs on that hold, for those who come later." };
        var command = new Command("verify", "Rebuild a rollup's state from Bitcoin alone and check its proofs, with nothing of the operator's. Exit code 0 where everything on Bitcoin is proven and the vault covers what it owes.")
        {
            RollupOptions.Network, RollupOptions.Bitcoind, RollupOptions.Cookie, s_proofs, s_from, s_id, follow, serve,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetValue(follow) || parsed.GetValue(serve) is not null, parsed.GetValue(serve), clock, cancellationToken));
        return command;
    }

    internal static Command CreateMirror(TimeProvider clock)
    {
        var listen = new Option<string>("--listen") { Description = "HOST:PORT to serve proofs on.", DefaultValueFactory = static _ => "127.0.0.1:8661" };
        var command = new Command("mirror", "Check a rollup's proofs as 'verify --follow' does, and serve those that hold.")
        {
            RollupOptions.Network, RollupOptions.Bitcoind, RollupOptions.Cookie, s_proofs, s_from, s_id, listen,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, follows: true, parsed.GetValue(listen), clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, bool follows, string? listen, TimeProvider clock, CancellationToken cancellationToken)
    {
        var writer = ReportWriter.For(parsed);
        var data = Path.GetFullPath(parsed.GetValue(RollupCommand.Data)!);
        Bytes32? id = null;
        if (parsed.GetValue(s_id) is { } text)
        {
            if (!Bytes32.TryParse(text, out var value))
                return writer.Fail("--rollup-id", "is 64 hex digits");
            id = value;
        }

        if (parsed.GetValue(s_from) < 0)
            return writer.Fail("--from", "is a height");
        IPEndPoint? endpoint = null;
        if (listen is not null && !RollupOptions.ReadEndpoint("--serve", listen).TryGet(out endpoint, out var unusable))
            return writer.Fail(unusable);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        if (!Sources(parsed, http).TryGet(out var sources, out var refusal)
            || !RollupOptions.ReadNetwork(parsed).TryGet(out var network, out refusal)
            || !RollupOptions.OpenChain(parsed, network, clock).TryGet(out var chain, out refusal))
            return writer.Fail(refusal);
        await using (chain)
        {
            if (RollupOptions.MakeFolder(data) is { } unusableFolder)
                return writer.Fail(unusableFolder);
            if (!ProofStore.Open(DiskDirectory.Open(Path.Combine(data, "proofs"))).TryGet(out var store, out refusal))
                return writer.Fail(refusal);
            using (store)
            {
                var state = Path.Combine(data, "replica");
                if (RollupOptions.MakeFolder(state) is { } unusableState)
                    return writer.Fail(unusableState);
                if (!CheckpointFolder.Open(DiskDirectory.Open(state)).TryGet(out var folder, out refusal))
                    return writer.Fail(refusal);
                using (folder)
                {
                    var job = new Job(() => RollupVerification.Open(folder, id, Math.Max(1, parsed.GetValue(s_from)), store, sources.List), parsed.GetValue(s_from), chain, follows, writer, clock);
                    if (endpoint is null)
                        return await FollowAsync(job, null, cancellationToken);
                    if (!(await HttpHost.StartAsync(endpoint, app => ProofEndpoints.Map(app, store), cancellationToken)).TryGet(out var host, out refusal))
                        return writer.Fail(refusal);
                    await using (host)
                        return await FollowAsync(job, host.Url, cancellationToken);
                }
            }
        }
    }

    private static Result<SourceList, Refusal> Sources(ParseResult parsed, HttpClient http)
    {
        var sources = new List<IProofSource>();
        foreach (var text in parsed.GetValue(s_proofs)!)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                sources.Add(new HttpProofMirror(http, address));
            else if (Directory.Exists(text))
                sources.Add(new ProofFolder(Path.GetFullPath(text)));
            else
                return new Refusal("--proofs", $"'{text}' is neither an address like http://127.0.0.1:8660/ nor a folder");
        }

        return new SourceList(sources);
    }

    // A reorganisation below what was settled takes the checkpoint with it: the next round reads the chain anew.
    private static async Task<int> FollowAsync(Job job, string? url, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (!job.Open().TryGet(out var verification, out var refusal))
                    return job.Writer.Fail(refusal);
                if (await FollowAsync(job, verification, url, cancellationToken) is { } code)
                    return code;
            }
        }
        catch (ChainSourceLostException exception)
        {
            return job.Writer.Fail("--bitcoind", exception.Error.Reason);
        }
        catch (IOException exception)
        {
            return job.Writer.Fail("--data", $"can't be written, what was verified before stays: {exception.Message}");
        }
    }

    private static async Task<int?> FollowAsync(Job job, RollupVerification verification, string? url, CancellationToken cancellationToken)
    {
        if (!(await job.Chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return job.Writer.Fail("--bitcoind", error.Reason);
        if (job.From > tip.Height)
            return job.Writer.Fail("--from", $"is {job.From}; the chain has {tip.Height} blocks");
        var start = verification.Start;
        if (start is null && job.From > 1)
        {
            if (!(await job.Chain.GetBlockHashAsync(job.From - 1, cancellationToken)).TryGet(out var below, out error))
                return job.Writer.Fail("--bitcoind", error.Reason);
            start = new ChainTip(job.From - 1, below);
        }

        // The stream tells of blocks that are gone only where another stands in their place.
        if (verification.Start is { } at && tip.Height <= at.Height && tip != at)
        {
            if (tip.Height < at.Height)
                return job.Writer.Fail("--bitcoind", $"has {tip.Height} blocks, where the checkpoint in --data stands on block {at.Height}: it is behind, or of another network");
            verification.Abandon();
            return null;
        }

        await using var blocks = job.Chain.FollowAsync(start, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await WorkDisplay.RunAsync(job.Writer, job.Clock, "reading blocks", progress => CatchUpAsync(job, verification, blocks, tip.Height, progress, cancellationToken));
        if (verification.IsLost)
            return null;
        var last = View(verification, url);
        if (!job.Follows)
            return job.Writer.Report(last, RollupJson.Plain.VerifyView, Show, last is { IsProven: true, Liabilities.IsCovered: true } ? 0 : 1);
        _ = job.Writer.Report(last, RollupJson.Plain.VerifyView, Show);
        return await StayAsync(job, verification, blocks, last, url, cancellationToken);
    }

    // Proofs are asked for as batches come, so that what is proven can be settled and leaves the memory; where one is missing, now and then, and at the end.
    private static async Task<bool> CatchUpAsync(
        Job job, RollupVerification verification, IAsyncEnumerator<ChainEvent> blocks, int tip, WorkDisplay progress, CancellationToken cancellationToken)
    {
        var first = verification.Replica.NextHeight;
        var (askAgain, settled) = (0, job.Clock.GetTimestamp());
        while (verification.Replica.NextHeight <= tip && !verification.IsLost && await blocks.MoveNextAsync())
        {
            verification.Observe(blocks.Current);
            var height = verification.Replica.NextHeight;
            if (verification.Replica.NextToProve is not null && height >= askAgain)
            {
                _ = await verification.ProveAsync(cancellationToken);
                askAgain = verification.Problem is null ? 0 : height + AskAgainBlocks;
            }

            if (job.Clock.GetElapsedTime(settled) >= s_settling)
            {
                _ = verification.Settle();
                settled = job.Clock.GetTimestamp();
            }

            progress.Report((height - first) / (double)Math.Max(1, tip + 1 - first));
        }

        progress.Name("checking proofs");
        _ = await verification.ProveAsync(cancellationToken);
        return verification.Settle();
    }

    // A block, or a while in which somebody may have proven something. Null where the chain went back below what is settled.
    private static async Task<int?> StayAsync(
        Job job, RollupVerification verification, IAsyncEnumerator<ChainEvent> blocks, VerifyView last, string? url, CancellationToken cancellationToken)
    {
        Task<bool>? next = null;
        while (true)
        {
            next ??= blocks.MoveNextAsync().AsTask();
            if (await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(1), job.Clock, cancellationToken)) == next)
            {
                if (!await next)
                    return 0;
                verification.Observe(blocks.Current);
                next = null;
                if (verification.IsLost)
                    return null;
            }

            cancellationToken.ThrowIfCancellationRequested();
            _ = await verification.ProveAsync(cancellationToken);
            _ = verification.Settle();
            var view = View(verification, url);
            if (!string.Equals(JsonSerializer.Serialize(view, RollupJson.Plain.VerifyView), JsonSerializer.Serialize(last, RollupJson.Plain.VerifyView), StringComparison.Ordinal))
                _ = job.Writer.Report(view, RollupJson.Plain.VerifyView, Show);
            last = view;
        }
    }

    private static VerifyView View(RollupVerification verification, string? url)
    {
        var replica = verification.Replica;
        var beginning = replica.Chain.Beginning;
        var withdrawals = replica.FindWithdrawals();
        return new VerifyView(
            verification.IsProven,
            beginning?.Rollup.ToString(),
            beginning?.Height,
            replica.NextHeight - 1,
            replica.Last?.Number ?? 0,
            verification.ProvenBatch,
            replica.SegmentCount,
            replica.ProvenSegments,
            replica.Ledger?.Root.ToString(),
            replica.Ledger is null ? null : replica.ProvenRoot.ToString(),
            replica.ReportLiabilities() is { } report ? LiabilityView.Of(report) : null,
            replica.PaidBefore + withdrawals.Count(static owed => owed.State == WithdrawalState.Paid),
            [.. withdrawals.Where(static owed => owed.State != WithdrawalState.Paid).Take(UnpaidMax).Select(WithdrawalView.Of)],
            [.. replica.Refused.Select(static refused => new RefusedView(refused.Height, refused.Transaction.ToString(), refused.Why.Field, refused.Why.Reason))],
            [.. verification.Failures.Select(static failure => new FailureView(failure.Batch, failure.Segment, failure.Source, failure.Why.Field, failure.Why.Reason))],
            verification.Problem?.ToString(),
            url,
            verification.Start?.Height,
            verification.Discarded?.ToString());
    }

    private static void Show(IAnsiConsole terminal, VerifyView view)
    {
        terminal.WriteLine($"rollup {view.Rollup ?? "not found"}, begun at height {view.GenesisHeight?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–"}, seen up to height {view.Height}");
        if (view.DiscardedCheckpoint is not null)
            terminal.WriteLine(view.DiscardedCheckpoint);
        if (view.ResumedFrom is { } resumed)
            terminal.WriteLine($"went on from the checkpoint at height {resumed}");
        terminal.WriteLine($"batches on Bitcoin {view.Batches}, proven {view.ProvenBatches} ({view.ProvenSegments} of {view.Segments} segments)");
        terminal.WriteLine($"root {view.Root}");
        terminal.WriteLine(view.IsProven ? "Everything on Bitcoin is proven." : $"Stays on proven root {view.ProvenRoot}: {view.Problem}");
        if (view.Liabilities is { } vault)
        {
            terminal.WriteLine($"vault {vault.VaultSat} sat for {vault.SupplySat} of supply, {vault.UnpaidWithdrawalsSat} of unpaid withdrawals, {vault.WaitingDepositsSat + vault.UnclaimedDepositsSat} of deposits in no account");
            terminal.WriteLine(vault.IsCovered ? "The vault covers what it owes." : $"The vault does NOT cover what it owes: {-vault.SurplusSat} sat are missing.");
        }

        terminal.WriteLine($"withdrawals paid {view.PaidWithdrawals}");
        foreach (var owed in view.UnpaidWithdrawals)
            terminal.WriteLine($"withdrawal {owed.Number} of {owed.Sat} sat from account {owed.Account}: {owed.State} (batch {owed.Batch}, anchored at height {owed.AnchoredAt})");
        foreach (var refused in view.Refused)
            terminal.WriteLine($"refused: transaction {refused.Txid} at height {refused.Height}: {refused.Field} {refused.Reason}");
        foreach (var failure in view.Failures)
            terminal.WriteLine($"failed: proof of batch {failure.Batch}, segment {failure.Segment}, from {failure.Source}: {failure.Field} {failure.Reason}");
        if (view.Url is not null)
            terminal.WriteLine($"Proofs are served at {view.Url}");
    }

    private sealed record Job(
        Func<Result<RollupVerification, Refusal>> Open, int From, IChainSource Chain, bool Follows, ReportWriter Writer, TimeProvider Clock);

    private sealed record SourceList(IReadOnlyList<IProofSource> List);
}
