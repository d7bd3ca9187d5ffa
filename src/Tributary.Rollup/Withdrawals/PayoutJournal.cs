using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Rollup.Withdrawals;

/// <summary>
/// Every payout that was ever signed, on disk before it is handed to anybody: a payout of the same withdrawals is made only where it spends a coin of each
/// that came before it, so that Bitcoin takes one of them at most. One owner.
/// </summary>
public sealed class PayoutJournal : IAsyncDisposable
{
    private const string Purpose = "tributary.rollup.payouts/1";

    private readonly RecordLog _log;
    private readonly List<SignedPayout> _payouts;

    private PayoutJournal(RecordLog log, List<SignedPayout> payouts) => (_log, _payouts) = (log, payouts);

    /// <summary>The payouts, in the order in which they were signed.</summary>
    public IReadOnlyList<SignedPayout> Payouts => _payouts;

    /// <summary>Opens the journal of a folder, or begins one.</summary>
    /// <param name="directory">The folder, which the journal has for itself.</param>
    /// <param name="rollup">Whose payouts.</param>
    /// <param name="entropy">For a new log's id.</param>
    public static Result<PayoutJournal, Refusal> Open(IStorageDirectory directory, Bytes32 rollup, IEntropy entropy)
    {
        var replay = new Replay(rollup);
        return RecordLog.Open(directory, new LogOptions { Purpose = Purpose }, entropy, replay).TryGet(out var log, out var error)
            ? new PayoutJournal(log, replay.Payouts)
            : error.ToRefusal("payouts");
    }

    /// <summary>Notes a payout; it is on disk when this answers.</summary>
    public async Task AppendAsync(SignedPayout payout)
    {
        // Not to be cancelled half way: a record that may be on disk counts.
        await _log.AppendAsync(new LogBatch().Add(payout.Transaction.Memory.Span), CancellationToken.None).ConfigureAwait(false);
        _payouts.Add(payout);
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private sealed class Replay(Bytes32 rollup) : ILogReplay
    {
        internal List<SignedPayout> Payouts { get; } = [];

        public string? OnCheckpoint(ReadOnlySpan<byte> record) => Take(record);

        public string? OnRecord(LogSequence batch, RecordLocation location, ReadOnlySpan<byte> record) => Take(record);

        private string? Take(ReadOnlySpan<byte> record)
        {
            if (!Transaction.Parse(record).TryGet(out var transaction, out var refusal))
                return refusal.Reason;
            if (transaction.OutputCount == 0 || PayoutMarker.Read(transaction.Output(0).ScriptPubKey, rollup) is not { } marker)
                return "is a transaction that is no payout of this rollup";
            Payouts.Add(new SignedPayout(transaction, marker));
            return null;
        }
    }
}
