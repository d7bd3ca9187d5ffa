using System.CommandLine;
using Tributary.Cli.Rollup.Swaps;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup;

/// <summary><c>tributary rollup bump</c>: posts that wait for a block pay more.</summary>
internal static class BumpCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var post = new Argument<string?>("operation") { Description = "The operation's hash, or the beginning of it; otherwise all posts that wait.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("bump", "Raise what a post on Bitcoin (--force) pays while it waits for a block: the transaction is replaced by one with the same outputs, and the post stays the same one.")
        {
            post, SwapOptions.Wanted, SwapOptions.Feerate, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, SwapOptions.Proofs,
        };
        command.SetAction((parsed, cancellationToken) => OpenWallet.RunAsync(
            parsed,
            needsChain: true,
            clock,
            async (open, writer) =>
            {
                if (!SwapOptions.ReadFeerate(parsed).TryGet(out var most, out var refusal)
                    || !SwapOptions.ReadWanted(parsed).TryGet(out var wanted, out refusal)
                    || !Find(open.Wallet, parsed.GetValue(post)).TryGet(out var posts, out refusal))
                    return writer.Fail(refusal);
                if (wanted > most)
                    return writer.Fail("--feerate", $"of {wanted} is above --feerate-max, {most}");
                var bumped = await WorkDisplay.RunAsync(writer, clock, "reading blocks", progress => open.WithReplicaAsync<PostListView>(
                    parsed, replica => BumpAsync(open, posts, replica, wanted, most, cancellationToken), progress, cancellationToken));
                return bumped.TryGet(out var view, out refusal)
                    ? writer.Report(view, RollupJson.Plain.PostListView, static (terminal, list) =>
                    {
                        foreach (var one in list.Posts)
                            PostCommand.Show(terminal, one);
                    })
                    : writer.Fail(refusal);
            },
            cancellationToken));
        return command;
    }

    private static Result<List<WalletOperation>, Refusal> Find(RollupWallet wallet, string? name)
    {
        List<WalletOperation> posts = [.. wallet.Operations.Where(one => one is { IsPosted: true, State: "posted" } && one.Operation.ToString().StartsWith(name ?? "", StringComparison.OrdinalIgnoreCase))];
        return posts.Count switch
        {
            0 => new Refusal("operation", name is null ? "is none: nothing that this wallet posted waits" : $"'{name}' is none that this wallet posted and that is not over: 'tributary rollup wallet show' lists them"),
            > 1 when name is not null => new Refusal("operation", $"'{name}' is the beginning of {posts.Count}: give more of it"),
            _ => posts,
        };
    }

    private static async Task<Result<PostListView, Refusal>> BumpAsync(
        OpenWallet open, List<WalletOperation> posts, WalletReplica replica, FeeratePerKvB wanted, FeeratePerKvB most, CancellationToken cancellationToken)
    {
        var views = new List<PostView>();
        foreach (var operation in posts)
        {
            if (replica.Replica.Posts.FirstOrDefault(post => post.Operation.Span.SequenceEqual(operation.Bytes.Span)) is { } found)
            {
                if (posts.Count == 1)
                    return new Refusal("operation", $"{operation.Operation} stands in block {found.Height} already: a batch has to take it by height {found.DueHeight}");
                continue;
            }

            if (wanted.Value > 0 && operation.FeeratePerKvb > wanted.Value)
                return new Refusal("--feerate", $"of {wanted} is less than the {operation.FeeratePerKvb} sat/kvB that the post pays already");
            if (!(await PostCommand.PostAsync(open, operation, replica.Tip, wanted, most, isLate: true, cancellationToken)).TryGet(out var view, out var refusal))
                return refusal;
            views.Add(view);
        }

        return views.Count == 0 ? new Refusal("operation", "is none: all posts stand in blocks") : new PostListView(views);
    }
}
