using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tributary.Cli.Rollup.Swaps;
using Tributary.Cli.Rollup.Views;
using Tributary.Cli.Rollup.Wallets;
using Tributary.Crypto;
using Tributary.Finance.Amounts;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Operating;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup;

/// <summary>
/// <c>tributary rollup claim</c> and <c>refund</c>, which nobody signs, and the way that any operation takes onto Bitcoin past the operator.
/// </summary>
internal static class PostCommand
{
    private static readonly Option<ulong> s_htlc = new("--htlc") { Description = "The contract's number in the rollup.", Required = true };
    private static readonly Option<bool> s_force = new("--force") { Description = "Post it on Bitcoin, where the operator has to take it within 144 blocks; needs --bitcoind and coins in this wallet, and no operator." };

    internal static Command CreateClaim(TimeProvider clock)
    {
        var preimage = new Option<string>("--preimage") { Description = "32 bytes in hex whose SHA-256 is the contract's hash.", Required = true };
        var command = new Command("claim", "Take what a contract (HTLC) of the rollup holds, with its preimage: it goes to the contract's recipient, whoever asks. A claim that is posted on Bitcoin before the timeout counts, however late the operator takes it.")
        {
            s_htlc, preimage, s_force, SwapOptions.Wanted, SwapOptions.Feerate, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, SwapOptions.Proofs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed,
            () => Bytes32.TryParse(parsed.GetValue(preimage)!, out var shown) ? new ClaimHtlc(new HtlcId(parsed.GetValue(s_htlc)), shown) : new Refusal("--preimage", "is 64 hex digits"),
            "claim of contract",
            clock,
            cancellationToken));
        return command;
    }

    internal static Command CreateRefund(TimeProvider clock)
    {
        var command = new Command("refund", "Take back what a contract (HTLC) of the rollup holds, from its timeout on: it goes to the contract's sender, whoever asks.")
        {
            s_htlc, s_force, SwapOptions.Wanted, SwapOptions.Feerate, RollupOptions.Rollup, RollupOptions.Bitcoind, RollupOptions.Cookie, SwapOptions.Proofs,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, () => new RefundHtlc(new HtlcId(parsed.GetValue(s_htlc))), "refund of contract", clock, cancellationToken));
        return command;
    }

    /// <summary>
    /// Posts an operation of the wallet's book, or raises what its post pays; asked again after an interruption it does not post twice. The transaction and its
    /// feerate are in the book before a node sees them.
    /// </summary>
    /// <param name="open">The wallet and the chain.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="tip">Bitcoin's height.</param>
    /// <param name="wanted">What it is to pay; nothing leaves that to the node.</param>
    /// <param name="most">The most that it may pay.</param>
    /// <param name="isLate">Pay more than before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<Result<PostView, Refusal>> PostAsync(
        OpenWallet open, WalletOperation operation, int tip, FeeratePerKvB wanted, FeeratePerKvB most, bool isLate, CancellationToken cancellationToken)
    {
        using var key = open.Wallet.PostKey();
        var envelope = new Envelope(EnvelopeKind.Forced, ForcedPost.Payload(open.Wallet.Rollup, operation.Bytes.Span), key.PublicKey.ToXOnly(out _).ToBytes32());
        var paid = operation.FeeratePerKvb ?? 0;
        var price = new PostPrice(
            operation.FeeratePerKvb is { } before ? new FeeratePerKvB(before) : null,
            wanted.Value == 0 ? null : wanted,
            (transaction, feerate) =>
            {
                paid = feerate.Value;
                return open.Wallet.NotePostingAsync(operation, transaction.TxId.ToString(), feerate);
            });
        var posted = await open.WithCoinsAsync(
            (coins, chain) => new Anchorer(coins, chain, key, SystemEntropy.Instance, most).PostAsync(envelope, null, makesAnchor: false, isLate, price, cancellationToken), cancellationToken);
        if (!posted.TryGet(out var transaction, out var refusal))
        {
            return refusal.Field switch
            {
                "amount" => new Refusal("--force", $"{refusal.Reason}: send coins to 'tributary rollup wallet address', wait for a block, and give the command again"),
                "feerate" => new Refusal("--feerate", refusal.Reason),
                _ => refusal,
            };
        }

        await open.Wallet.NotePostedAsync(operation, transaction.TxId.ToString());
        return new PostView(operation.Operation.ToString(), transaction.TxId.ToString(), operation.What, tip + 1 + ForcedPost.DueBlocks, paid);
    }

    internal static void Show(IAnsiConsole terminal, PostView view)
    {
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{view.What}: posted in transaction {view.Txid}. A batch has to take it within {ForcedPost.DueBlocks} blocks of the one that it gets into, by height {view.DueBy:N0} if that is the next."));
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"It pays {view.FeeratePerKvb / 1000m:0.###} sat/vB; while it waits, 'tributary rollup bump' pays more."));
        terminal.WriteLine(view.What is RollupWallet.RotationWords
            ? "The account's key had to be changed first: give the command again when that is done."
            : "What becomes of it: tributary rollup wallet show --bitcoind URL");
    }

    private static Task<int> RunAsync(ParseResult parsed, Func<Result<Operation, Refusal>> make, string what, TimeProvider clock, CancellationToken cancellationToken) => OpenWallet.RunAsync(
        parsed,
        needsChain: parsed.GetValue(s_force),
        clock,
        async (open, writer) =>
        {
            if (!make().TryGet(out var operation, out var refusal) || !SwapOptions.ReadFeerate(parsed).TryGet(out var most, out refusal) || !SwapOptions.ReadWanted(parsed).TryGet(out var wanted, out refusal))
                return writer.Fail(refusal);
            var words = string.Create(CultureInfo.InvariantCulture, $"{what} {parsed.GetValue(s_htlc)}");
            var bytes = new ForcedOperation(new OperationRequest(operation, null), default).Write();
            var digest = Tributary.Rollup.Sequencing.Receipt.DigestOf(new OperationRequest(operation, null));
            if (!parsed.GetValue(s_force))
            {
                if (!(await open.Wallet.DescribeAsync(open.Client, cancellationToken)).TryGet(out _, out refusal) || !(await open.Client.SubmitAsync(bytes, cancellationToken)).TryGet(out var receipt, out refusal))
                    return writer.Fail(refusal.Field, RollupWallet.IsForAMoment(refusal) ? $"{refusal.Reason} (ask again, or post it on Bitcoin with --force)" : refusal.Reason);
                return writer.Report(
                    new WalletOperationView(0, digest.ToString(), words, "taken", receipt.Batch, null), RollupJson.Plain.WalletOperationView,
                    static (terminal, view) => terminal.WriteLine($"{view.What}: taken into batch {view.Batch}."));
            }

            var posted = await WorkDisplay.RunAsync(writer, clock, "reading blocks", progress => open.WithReplicaAsync<PostView>(
                parsed,
                async replica =>
                {
                    if (Check(operation, replica) is { } late)
                        return late;
                    return await PostAsync(open, await open.Wallet.NoteUnsignedAsync(operation, words), replica.Tip, wanted, most, isLate: false, cancellationToken);
                },
                progress,
                cancellationToken));
            return posted.TryGet(out var view, out refusal) ? writer.Report(view, RollupJson.Plain.PostView, Show) : writer.Fail(refusal);
        },
        cancellationToken);

    // A post costs a fee on Bitcoin: what cannot have an effect is said before.
    private static Refusal? Check(Operation operation, WalletReplica replica)
    {
        var (number, isClaim) = operation is ClaimHtlc claim ? (claim.Htlc, true) : (((RefundHtlc)operation).Htlc, false);
        var terms = replica.Replica.Ledger!.Engine.State.Read(Finance.State.FinanceLeaves.Htlcs, number.Value);
        if (terms.IsEmpty)
            return new Refusal("--htlc", $"{number.Value} is not open in the last batch on Bitcoin");
        if (isClaim && new Bytes32(System.Security.Cryptography.SHA256.HashData(((ClaimHtlc)operation).Preimage.Span)) != terms.Hash)
            return new Refusal("--preimage", $"does not hash to the hash of contract {number.Value}");
        return (isClaim, replica.Tip + 1 >= terms.Timeout) switch
        {
            (true, true) => new Refusal("--htlc", $"{number.Value} timed out at height {terms.Timeout}, and the next block is {replica.Tip + 1}: it goes back to its sender"),
            (false, false) => new Refusal("--htlc", $"{number.Value} can be taken back from height {terms.Timeout} on; the next block is {replica.Tip + 1}"),
            _ => null,
        };
    }
}
