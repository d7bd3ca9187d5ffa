using System.Collections.Immutable;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Books;
using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Rails.Lightning;
using Tributary.Payments.Rails.Transfers;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reconciliation;

/// <summary>
/// Compares the ledger with the outside: channels, unspent outputs, HTLCs. The channels' side is read at a moment that the node's event numbers name,
/// and what lies between it and the ledger is found one by one, so that line is exact while payments go on; the others wait for a quiet moment.
/// <para>
/// The operator's own money is posted on the way, from what the wallet and the node did themselves. What takes money and is explained by nothing
/// is a mismatch, and so is a channel that does not hold what its payments add up to. A mismatch that stays stops outgoing money.
/// </para>
/// </summary>
public sealed class Reconciler(
    Opening<LightningBackend> backend, Opening<Wallet> wallet, IDatabase database, OutgoingSwitch @switch, PaymentOptions options, TimeProvider time) : IDisposable
{
    private const string EventCursor = "node events";
    private const int TriesMax = 20;
    private const int MismatchesMin = 3;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, bool> _attempts = new(StringComparer.Ordinal);
    private volatile ReconciliationReport? _last;

    /// <summary>The last comparison; null before the first.</summary>
    public ReconciliationReport? Last => _last;

    private bool IsLive => options.IsBitcoinLive ?? false;

    /// <summary>
    /// Compares until the outcome is certain: what is busy is waited for, and only a difference that is found again and again is called one. Then
    /// outgoing money stops.
    /// </summary>
    public async Task<ReconciliationReport> RunAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ReconciliationReport report;
            var mismatches = 0;
            for (var tries = 1; ; tries++)
            {
                report = await CompareAsync(cancellationToken);
                mismatches = report.Outcome == ReconciliationOutcome.Mismatch ? mismatches + 1 : 0;
                if (report.Outcome == ReconciliationOutcome.Balanced || mismatches >= MismatchesMin || tries >= TriesMax)
                    break;
                await Task.Delay(s_pause, time, cancellationToken);
            }

            _last = report;
            if (report.Outcome == ReconciliationOutcome.Mismatch)
                await @switch.StopAsync($"The books and the world differ: {string.Join(" ", report.Problems)}", cancellationToken);
            return report;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Compares once.</summary>
    private async Task<ReconciliationReport> CompareAsync(CancellationToken cancellationToken)
    {
        if (backend.Current is not { } lightning || wallet.Current is not { } current)
            return Busy($"The Lightning node {backend.Problem ?? wallet.Problem}.");
        if (!current.Status.IsSynced)
            return Busy($"The wallet {current.Status.Problem}.");

        // Books, then channels: a funding that the books have is in a channel's state already, since the state is stored first.
        var books = current.ReadBooks();
        var position = await lightning.Node.GetPositionAsync(cancellationToken);
        if (position.Channels.Any(static channel => channel.IsOver) && current.ReadBooks().Tip != books.Tip)
            return Busy("A channel is being closed.");
        await TakeEventsAsync(lightning.Node, position, cancellationToken);
        await FindAttemptsAsync(books, current, cancellationToken);
        var facts = new FactReader(current.Network, address => _attempts.GetValueOrDefault(address)).Read(books, position);
        await database.WriteAsync((transaction, token) => OperatorLedger.PostAsync(transaction, IsLive, facts.Entries, time.GetUtcNow(), token), cancellationToken);
        return await CompareAsync(lightning.Node, books, position, facts, cancellationToken);
    }

    private ReconciliationReport Busy(string why) => new(time.GetUtcNow(), ReconciliationOutcome.Busy, [], [why]);

    private Task<ReconciliationReport> CompareAsync(
        ILightningNode node, WalletBooks books, NodePosition position, WalletFacts facts, CancellationToken cancellationToken) => database.ReadAsync(
            async (transaction, token) =>
            {
                // The state of the database is fixed by the first query; whatever is in it the node has told of by the time of a second look.
                var ledger = await LedgerView.ReadAsync(transaction, IsLive, facts, token);
                var later = await node.GetPositionAsync(token);
                var events = await ReadEventsAsync(node, LightningRail.SequenceOf(ledger.LightningCursor), (long)later.Sequence, token);
                var received = await ReceivedAsync(transaction, events, (long)position.Sequence, token);
                var isHeldQuiet = !ledger.HasCommands && position.HeldCount == later.HeldCount && !events.Exists(static one => LightningRail.IsReported(one.Kind));

                var waits = ImmutableArray.CreateBuilder<string>();
                var lines = ImmutableArray.CreateBuilder<BookLine>();
                lines.Add(new BookLine("lightning", ledger.Lightning, checked(received + ledger.LightningSent), facts.Channels));
                if (isHeldQuiet)
                    lines.Add(new BookLine("lightning_held", ledger.LightningHeld, 0, position.Held.Value));
                else
                    waits.Add("A held Lightning payment is being booked.");
                if (ledger.IsChainCurrent)
                    lines.Add(new BookLine("on_chain", ledger.OnChain, ledger.ChainSent, books.Unspent.ToMilliSatoshis().Value));
                else
                    waits.Add("A payment on chain is being booked.");
                return Judge(lines.ToImmutable(), waits.ToImmutable(), [.. facts.Problems, .. ledger.Problems]);
            },
            cancellationToken).AsTask();

    private ReconciliationReport Judge(ImmutableArray<BookLine> lines, ImmutableArray<string> waits, ImmutableArray<string> found)
    {
        var problems = found.AddRange(lines.Where(static line => line.Difference != 0).Select(static line =>
            $"{line.Name}: the ledger says {line.Ledger + line.UnderWay} msat, and {line.Actual} msat are there."));
        var outcome = problems.Length > 0 ? ReconciliationOutcome.Mismatch : waits.Length > 0 ? ReconciliationOutcome.Busy : ReconciliationOutcome.Balanced;
        return new ReconciliationReport(time.GetUtcNow(), outcome, lines, problems.Length > 0 ? problems : waits);
    }

    // Payments that the rail's cursor has not passed: in the channels and not in the ledger, or in the ledger first, by a command's answer.
    private static async ValueTask<long> ReceivedAsync(ISqlTransaction transaction, List<NodeEvent> events, long through, CancellationToken cancellationToken)
    {
        long underWay = 0;
        foreach (var one in events.Where(static one => one.Kind == NodeEventKind.PaymentReceived))
        {
            var hash = one.Subject.ToString();
            if (await PaymentStore.FindByReferenceAsync(transaction, RailKind.Lightning, hash, cancellationToken) is not { } file)
                continue;
            var isInLedger = file.FindReceipt(hash) is { Status: ReceiptStatus.Settled };
            var isInChannels = (long)one.Sequence <= through;
            if (isInChannels != isInLedger)
                underWay = checked(underWay + (isInChannels ? one.Amount.Value : -one.Amount.Value));
        }

        return underWay;
    }

    // The node's own doings: payments without an attempt or a transfer are the operator's, and all that was sent is noted.
    private async Task TakeEventsAsync(ILightningNode node, NodePosition position, CancellationToken cancellationToken)
    {
        var through = (long)position.Sequence;
        var after = await database.ReadAsync(static (transaction, token) => ReadCursorAsync(transaction, token), cancellationToken);
        if (after > through)
            after = 0;
        var events = (await ReadEventsAsync(node, after, through, cancellationToken))
            .FindAll(one => (long)one.Sequence <= through && one.Kind is NodeEventKind.PaymentReceived or NodeEventKind.PaymentSent);
        var fees = new Dictionary<ulong, long>();
        foreach (var one in events.Where(static one => one.Kind == NodeEventKind.PaymentSent))
            fees[one.Sequence] = (await node.FindPaymentAsync(one.Subject, isOutgoing: true, cancellationToken))?.Fee.Value ?? 0;
        await database.WriteAsync(
            async (transaction, token) =>
            {
                var entries = new List<OperatorEntry>();
                foreach (var one in events)
                {
                    if (await EntryOfAsync(transaction, one, fees.GetValueOrDefault(one.Sequence), token) is { } entry)
                        entries.Add(entry);
                }

                await OperatorLedger.PostAsync(transaction, IsLive, entries, time.GetUtcNow(), token);
                return await WriteCursorAsync(transaction, through, token);
            },
            cancellationToken);
    }

    private static async ValueTask<OperatorEntry?> EntryOfAsync(ISqlTransaction transaction, NodeEvent one, long fee, CancellationToken cancellationToken)
    {
        var hash = one.Subject.ToString();
        var amount = one.Amount.Value;
        if (one.Kind == NodeEventKind.PaymentReceived)
        {
            return await PaymentStore.FindByReferenceAsync(transaction, RailKind.Lightning, hash, cancellationToken) is not null
                ? null
                : new OperatorEntry("in:" + hash, [(AccountKind.LightningChannels, amount), (AccountKind.OperatorFunds, -amount)]);
        }

        await transaction.ExecuteAsync(
            "INSERT INTO node_payments (payment_hash, sequence, amount, fee) VALUES (@hash, @sequence, @amount, @fee) ON CONFLICT (payment_hash) DO NOTHING",
            new SqlArguments { { "hash", hash }, { "sequence", (long)one.Sequence }, { "amount", amount }, { "fee", fee } },
            cancellationToken);
        return await TransferStore.FindByReferenceAsync(transaction, RailKind.Lightning, hash, cancellationToken) is not null
            ? null
            : new OperatorEntry("out:" + hash, [(AccountKind.LightningChannels, -amount - fee), (AccountKind.NetworkFees, fee), (AccountKind.OperatorFunds, amount)]);
    }

    // An attempt is stored before anybody hears of its address, so what is none when money comes never becomes one.
    private async Task FindAttemptsAsync(WalletBooks books, Wallet current, CancellationToken cancellationToken)
    {
        var fresh = new List<string>();
        foreach (var output in books.Transactions.SelectMany(static booked => booked.Received).Where(static output => !output.IsChange))
        {
            if (Address.TryFromScript(output.Output.ScriptPubKey, current.Network, out var address) && !_attempts.ContainsKey(address.ToString()))
                fresh.Add(address.ToString());
        }

        if (fresh.Count == 0)
            return;
        await database.ReadAsync(
            async (transaction, token) =>
            {
                foreach (var address in fresh)
                    _attempts[address] = await AttemptOutputs.IsAttemptAsync(transaction, address, token);
                return true;
            },
            cancellationToken);
    }

    private static ValueTask<long> ReadCursorAsync(ISqlTransaction transaction, CancellationToken cancellationToken) => transaction.FirstOrDefaultAsync(
        "SELECT position FROM reconciliation_cursors WHERE name = @name", new SqlArguments { { "name", EventCursor } }, static row => row.Integer(0), cancellationToken);

    private static async ValueTask<bool> WriteCursorAsync(ISqlTransaction transaction, long position, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync(
            "INSERT INTO reconciliation_cursors (name, position) VALUES (@name, @position) ON CONFLICT (name) DO UPDATE SET position = @position",
            new SqlArguments { { "name", EventCursor }, { "position", position } },
            cancellationToken);
        return true;
    }

    private static async Task<List<NodeEvent>> ReadEventsAsync(ILightningNode node, long after, long through, CancellationToken cancellationToken)
    {
        var events = new List<NodeEvent>();
        if (after >= through)
            return events;
        await foreach (var one in node.FollowEventsAsync((ulong)after, cancellationToken))
        {
            events.Add(one);
            if ((long)one.Sequence >= through)
                break;
        }

        return events;
    }
}
