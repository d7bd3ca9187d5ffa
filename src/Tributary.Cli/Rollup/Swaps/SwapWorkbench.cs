using System.CommandLine;
using Tributary.Cli.Reporting;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Swaps.Wallets;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup.Swaps;

/// <summary>The swaps of a command: opened, shown blocks, carried out.</summary>
internal sealed class SwapWorkbench : IAsyncDisposable
{
    private readonly OpenWallet _open;
    private readonly HttpClient _http;
    private readonly WalletReplica _replica;
    private readonly List<SwapSession> _sessions;
    private bool _tellsHeights;
    private readonly Dictionary<string, SwapReport> _told = new(StringComparer.Ordinal);

    private SwapWorkbench(OpenWallet open, HttpClient http, WalletReplica replica, List<SwapSession> sessions) => (_open, _http, _replica, _sessions) = (open, http, replica, sessions);

    /// <summary>How swaps stand: from their folders, and as blocks have it where a chain is named.</summary>
    internal static async Task<Result<List<SwapReport>, Refusal>> LookAsync(
        OpenWallet open, ParseResult parsed, IReadOnlyList<string> paths, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var views = new List<SwapReport>();
        var live = new List<string>();
        foreach (var path in paths)
        {
            if (!SwapFolder.Open(path, SystemEntropy.Instance).TryGet(out var folder, out var refusal))
                return refusal;
            await using (folder)
            {
                if (open.Chain is not null && folder.Journal.Memory is { Outcome: null })
                    live.Add(path);
                else
                    views.Add(SwapReport.Of(folder));
            }
        }

        if (live.Count == 0)
            return views;
        if (!(await OpenAsync(open, parsed, live, null, cancellationToken)).TryGet(out var bench, out var away))
            return away;
        await using (bench)
        {
            if (await WorkDisplay.RunAsync(writer, clock, "reading blocks", async progress => new Reached(await bench.ReachTipAsync(progress, cancellationToken))) is { Problem: { } problem })
                return problem;
            views.AddRange(bench._sessions.Select(static session => SwapReport.Of(session.Folder, session.View)));
            return views;
        }
    }

    /// <summary>Opens swaps that were agreed on.</summary>
    internal static async Task<Result<SwapWorkbench, Refusal>> OpenAsync(
        OpenWallet open, ParseResult parsed, IReadOnlyList<string> paths, Action<SwapReport>? tell, CancellationToken cancellationToken)
    {
        var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        if (!SwapOptions.ReadSources(parsed, http, open.Client.Address).TryGet(out var sources, out var refusal)
            || !(await WalletReplica.OpenAsync(open.Wallet, open.Chain!, sources, cancellationToken)).TryGet(out var replica, out refusal))
        {
            http.Dispose();
            return refusal;
        }

        var feerate = SwapOptions.ReadFeerate(parsed).TryGet(out var rate, out _) ? rate : new FeeratePerKvB(20_000);
        var sessions = new List<SwapSession>();
        var bench = new SwapWorkbench(open, http, replica, sessions);
        foreach (var path in paths)
        {
            if (!SwapFolder.Open(path, SystemEntropy.Instance).TryGet(out var folder, out refusal))
            {
                await bench.DisposeAsync();
                return refusal;
            }

            sessions.Add(new SwapSession(
                open.Wallet, open.Client, open.Chain!, () => replica.Replica, folder, feerate, parsed.GetValue(SwapOptions.Force), SystemEntropy.Instance,
                (session, step) => bench.Announce(session, step, tell)));
        }

        return bench;
    }

    /// <summary>Carries the swaps out until all are over.</summary>
    /// <param name="tell">Told of every change.</param>
    /// <param name="tellsHeights">And of every block.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it; the swaps stay where they are.</param>
    internal async Task<Refusal?> RunAsync(Action<SwapReport> tell, bool tellsHeights, TimeProvider clock, CancellationToken cancellationToken)
    {
        _tellsHeights = tellsHeights;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = _open.Wallet.Coins.RunAsync(stop.Token);
        try
        {
            while (true)
            {
                var problem = await ReachTipAsync(null, cancellationToken);
                if (problem is null && await _open.Wallet.Coins.WaitUntilSyncedAsync(cancellationToken) is { } away)
                    problem = new Refusal("--bitcoind", away.Reason);
                if (problem is { Field: "--bitcoind" } && _told.Count == 0)
                    return problem;
                foreach (var session in _sessions.Where(static session => !session.IsOver))
                {
                    if (problem is null)
                        await session.StepAsync(cancellationToken);
                    Tell(SwapReport.Of(session.Folder, session.View, null, (problem ?? session.Problem)?.ToString()), tell);
                }

                if (_sessions.All(static session => session.IsOver))
                    return null;
                if (problem is not null)
                    return new Refusal(problem.Field, $"{problem.Reason} ('tributary rollup swap resume' goes on when it is back)");
                await _replica.WaitAsync(TimeSpan.FromSeconds(1), clock, cancellationToken);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
            await session.DisposeAsync();
        await _replica.DisposeAsync();
        _http.Dispose();
    }

    private Task<Refusal?> ReachTipAsync(IProgress<double>? progress, CancellationToken cancellationToken) =>
        _replica.ReachTipAsync(change => _sessions.ForEach(session => session.Observe(change)), progress, cancellationToken);

    private void Announce(SwapSession session, SwapStep step, Action<SwapReport>? tell)
    {
        if (tell is not null)
            Tell(SwapReport.Of(session.Folder, session.View, step), tell);
    }

    // Said once, until it is otherwise; a height alone is nothing new to a person.
    private void Tell(SwapReport view, Action<SwapReport> tell)
    {
        var key = $"{view.Swap}{(view.AboutTo is null ? "" : " " + view.AboutTo)}";
        if (_told.TryGetValue(key, out var before) && (_tellsHeights ? before : before with { Height = view.Height }) == view)
            return;
        _told[key] = view;
        tell(view);
    }

    private sealed record Reached(Refusal? Problem);
}
