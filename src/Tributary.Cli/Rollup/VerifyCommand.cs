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
                var verification = new RollupVerification(id, Math.Max(1, parsed.GetValue(s_from)), store, sources.List);
                if (endpoint is null)
                    return await FollowAsync(verification, parsed.GetValue(s_from), chain, follows, null, writer, clock, cancellationToken);
                if (!(await HttpHost.StartAsync(endpoint, app => ProofEndpoints.Map(app, store), cancellationToken)).TryGet(out var host, out refusal))
                    return writer.Fail(refusal);
                await using (host)
                    return await FollowAsync(verification, parsed.GetValue(s_from), chain, follows, host.Url, writer, clock, cancellationToken);
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

    private static async Task<int> FollowAsync(
        RollupVerification verification, int from, IChainSource chain, bool follows, string? url, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return writer.Fail("--bitcoind", error.Reason);
        if (from > tip.Height)
            return writer.Fail("--from", $"is {from}; the chain has {tip.Height} blocks");
        ChainTip? start = null;
        if (from > 1)
        {
            if (!(await chain.GetBlockHashAsync(from - 1, cancellationToken)).TryGet(out var below, out error))
                return writer.Fail("--bitcoind", error.Reason);
            start = new ChainTip(from - 1, below);
        }

        await using var blocks = chain.FollowAsync(start, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            await WorkDisplay.RunAsync(writer, clock, "reading blocks", async progress =>
            {
                while (verification.Replica.NextHeight <= tip.Height && await blocks.MoveNextAsync())
                {
                    verification.Observe(blocks.Current);
                    progress.Report((verification.Replica.NextHeight - from) / (double)Math.Max(1, tip.Height + 1 - from));
                }

                progress.Name("checking proofs");
                return await verification.ProveAsync(cancellationToken);
            });
            var last = View(verification, url);
            if (!follows)
                return writer.Report(last, RollupJson.Plain.VerifyView, Show, last is { IsProven: true, Liabilities.IsCovered: true } ? 0 : 1);
            _ = writer.Report(last, RollupJson.Plain.VerifyView, Show);
            await StayAsync(verification, blocks, last, url, writer, clock, cancellationToken);
            return 0;
        }
        catch (ChainSourceLostException exception)
        {
            return writer.Fail("--bitcoind", exception.Error.Reason);
        }
    }

    // A block, or a while in which somebody may have proven something.
    private static async Task StayAsync(
        RollupVerification verification, IAsyncEnumerator<ChainEvent> blocks, VerifyView last, string? url, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        Task<bool>? next = null;
        while (true)
        {
            next ??= blocks.MoveNextAsync().AsTask();
            if (await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken)) == next)
            {
                if (!await next)
                    return;
                verification.Observe(blocks.Current);
                next = null;
            }

            cancellationToken.ThrowIfCancellationRequested();
            _ = await verification.ProveAsync(cancellationToken);
            var view = View(verification, url);
            if (!string.Equals(JsonSerializer.Serialize(view, RollupJson.Plain.VerifyView), JsonSerializer.Serialize(last, RollupJson.Plain.VerifyView), StringComparison.Ordinal))
                _ = writer.Report(view, RollupJson.Plain.VerifyView, Show);
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
            replica.Batches.LastOrDefault()?.Header.Number ?? 0,
            verification.ProvenBatch,
            replica.SegmentCount,
            replica.ProvenSegments,
            replica.Ledger?.Root.ToString(),
            replica.Ledger is null ? null : replica.ProvenRoot.ToString(),
            replica.ReportLiabilities() is { } report ? LiabilityView.Of(report) : null,
            withdrawals.Count(static owed => owed.State == WithdrawalState.Paid),
            [.. withdrawals.Where(static owed => owed.State != WithdrawalState.Paid).Take(UnpaidMax).Select(WithdrawalView.Of)],
            [.. replica.Refused.Select(static refused => new RefusedView(refused.Height, refused.Transaction.ToString(), refused.Why.Field, refused.Why.Reason))],
            [.. verification.Failures.Select(static failure => new FailureView(failure.Batch, failure.Segment, failure.Source, failure.Why.Field, failure.Why.Reason))],
            verification.Problem?.ToString(),
            url);
    }

    private static void Show(IAnsiConsole terminal, VerifyView view)
    {
        terminal.WriteLine($"rollup {view.Rollup ?? "not found"}, begun at height {view.GenesisHeight?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–"}, seen up to height {view.Height}");
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

    private sealed record SourceList(IReadOnlyList<IProofSource> List);
}
