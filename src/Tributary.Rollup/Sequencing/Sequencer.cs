using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Signatures;
using Tributary.Rollup.State;
using Tributary.Rollup.Withdrawals;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Logs;

namespace Tributary.Rollup.Sequencing;

/// <summary>
/// Takes operations in order and makes batches of them. An operation is answered for when it is on disk: one flush serves all that wait. After a
/// crash the log gives the same batches again, byte for byte. Safe for many threads; signatures are checked on the pool's, side by side.
/// </summary>
public sealed class Sequencer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Bytes32 _rollup;
    private readonly SequencerOptions _options;
    private readonly SecretKey _operator;
    private readonly IEntropy _entropy;
    private readonly RecordLog _log;
    private readonly SequencerBook _book;
    private readonly IntakeQueue _intake;
    private LogSequence _last;
    private Exception? _broken;

    private Sequencer(Bytes32 rollup, SequencerOptions options, SecretKey operatorKey, IEntropy entropy, RecordLog log, SequencerBook book)
    {
        (_rollup, _options, _operator, _entropy, _log, _book) = (rollup, options, operatorKey, entropy, log, book);
        _last = log.Recovery.Through;
        _intake = new IntakeQueue(options.WaitingMax, Environment.ProcessorCount, CheckSignatures, Take);
    }

    /// <summary>What an operation gets that comes between two batches.</summary>
    public static Refusal NotOpen { get; } = new("sequencer", "no batch is open: try again shortly");

    /// <summary>The last batch that was closed; null before the first.</summary>
    public BatchHeader? Last
    {
        get
        {
            lock (_lock)
                return _book.Maker.Last;
        }
    }

    /// <summary>What the open batch began with; null where none is open.</summary>
    public BatchOpening? OpenBatch
    {
        get
        {
            lock (_lock)
                return _book.Maker.Opening;
        }
    }

    /// <summary>Operations in the open batch, the system's included.</summary>
    public int OpenOperations
    {
        get
        {
            lock (_lock)
                return _book.Maker.IsOpen ? _book.Maker.Operations : 0;
        }
    }

    /// <summary>The open batch holds as much as it may: it is to be closed.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock)
                return _book.Maker is { IsOpen: true, IsFull: true };
        }
    }

    /// <summary>The number of the batch that is open, or will be next.</summary>
    public ulong OpenNumber
    {
        get
        {
            lock (_lock)
                return _book.Maker.Number;
        }
    }

    /// <summary>The root of the state with all that was taken, the open segment's left out.</summary>
    public TreeDigest Root
    {
        get
        {
            lock (_lock)
                return _book.Ledger.Root;
        }
    }

    /// <summary>Batches that were closed and not forgotten, in order.</summary>
    public IReadOnlyList<ClosedBatch> Closed
    {
        get
        {
            lock (_lock)
                return [.. _book.Closed];
        }
    }

    /// <summary>Completes when the disk failed: nothing is taken any more, and nothing that was answered for is lost.</summary>
    public Task<StorageStoppedException> Fatal => _log.Fatal;

    /// <summary>Opens a sequencer's folder, or begins one.</summary>
    /// <param name="directory">The folder, which the sequencer has for itself.</param>
    /// <param name="began">The rollup's beginning on Bitcoin.</param>
    /// <param name="options">How it cuts batches; a log that was written under others is replayed under those.</param>
    /// <param name="operatorKey">Signs receipts; the caller's.</param>
    /// <param name="entropy">For signatures and a new log's id.</param>
    public static Result<Sequencer, Refusal> Open(
        IStorageDirectory directory, AnchorSeen.Began began, SequencerOptions options, SecretKey operatorKey, IEntropy entropy)
    {
        var ledger = RollupLedger.Genesis(began.Genesis.KeyRoot, began.Genesis.Key);
        var book = new SequencerBook(began.Rollup, ledger, options);
        return RecordLog.Open(directory, new LogOptions { Purpose = SequencerRecord.Purpose }, entropy, book).TryGet(out var log, out var error)
            ? new Sequencer(began.Rollup, options, operatorKey, entropy, log, book)
            : error.ToRefusal("rollup");
    }

    /// <summary>Opens the next batch. The opening is on disk when it answers.</summary>
    public async Task OpenBatchAsync(BatchOpening opening)
    {
        LogCommit commit;
        lock (_lock)
        {
            RequireWhole();
            _book.Open(opening);
            commit = Append(SequencerRecord.Opened(opening));
        }

        await commit.Durable;
    }

    /// <summary>Takes an operation that an account has signed, or one that nobody signs: claims and refunds of contracts.</summary>
    /// <param name="request">The operation with its true index.</param>
    /// <param name="signature">XMSS; none for an operation that nobody signs.</param>
    /// <returns>The operator's receipt, once the operation is on disk; or why it is refused, and then nothing has changed.</returns>
    /// <exception cref="StorageStoppedException">The disk failed: whether the operation is taken shows after a restart.</exception>
    public Task<Result<Receipt, Refusal>> SubmitAsync(OperationRequest request, ReadOnlyMemory<byte> signature) =>
        Check(request) is { } misfit ? Task.FromResult<Result<Receipt, Refusal>>(misfit) : EnterAsync(request, signature);

    /// <summary>Registers an account for somebody who has none yet, at the operator's expense.</summary>
    public Task<Result<Receipt, Refusal>> RegisterAsync(RegisterAccount registration) => EnterAsync(new OperationRequest(registration, null), default);

    /// <summary>The account that has a key; null where none has.</summary>
    public AccountId? FindKey(Bytes32 keyRoot)
    {
        lock (_lock)
            return _book.FindKey(keyRoot);
    }

    /// <summary>Where an operation stands that was taken; null where it was not, or lies in a batch that is no longer kept.</summary>
    /// <param name="operation">What its receipt names it by.</param>
    public OperationPlace? Find(Bytes32 operation)
    {
        lock (_lock)
            return _book.Find(operation);
    }

    /// <summary>The last operations whose receipts are void, in the order in which they became so.</summary>
    /// <param name="after">The last that is known already; 0 for none.</param>
    public IReadOnlyList<RevokedOperation> Revoked(ulong after)
    {
        lock (_lock)
            return [.. _book.Revoked.Where(revoked => revoked.Number > after)];
    }

    /// <summary>The receipt of an operation that was taken, signed anew; null where <see cref="Find"/> knows none.</summary>
    public Receipt? FindReceipt(Bytes32 operation) =>
        Find(operation) is { } place ? Receipt.Sign(_rollup, place.Batch, place.Position, operation, _operator, _entropy) : null;

    /// <summary>Lets go of what the proofs of a batch are made from, once they are made: it is much.</summary>
    public void Release(ulong number)
    {
        lock (_lock)
            _book.Release(number);
    }

    /// <summary>Closes the open batch: it is on disk, and stays the same, when it answers.</summary>
    public async Task<ClosedBatch> CloseBatchAsync()
    {
        LogCommit commit;
        ClosedBatch closed;
        lock (_lock)
        {
            RequireWhole();
            closed = _book.Close();
            commit = Append(SequencerRecord.Closed(closed.Header));
        }

        await commit.Durable;
        return closed;
    }

    /// <summary>
    /// Makes batches again whose height Bitcoin has taken back, in one batch at another height: operations keep their order. What no longer fits
    /// is handed back, and its receipt is void.
    /// </summary>
    /// <param name="number">The first batch that does not count.</param>
    /// <param name="opening">What the batch that takes its place begins with.</param>
    /// <returns>Operations whose receipts are revoked, with the reason.</returns>
    public async Task<IReadOnlyList<(OperationRequest Request, Refusal Why)>> RewindAsync(ulong number, BatchOpening opening)
    {
        LogCommit commit;
        IReadOnlyList<(OperationRequest, Refusal)> revoked;
        lock (_lock)
        {
            RequireWhole();
            revoked = _book.Rewind(number, opening);
            commit = Append(SequencerRecord.Rewound(number, opening));
        }

        await commit.Durable;
        return revoked;
    }

    /// <summary>Opens the open batch again at a later height; what it holds already keeps its order.</summary>
    public Task<IReadOnlyList<(OperationRequest Request, Refusal Why)>> RenewAsync(BatchOpening opening)
    {
        ulong number;
        lock (_lock)
            number = _book.Maker.Number;
        return RewindAsync(number, opening);
    }

    /// <summary>What an account's wallet has to know before it signs.</summary>
    public AccountLeaf FindAccount(AccountId account)
    {
        lock (_lock)
            return _book.Ledger.Engine.State.Read(FinanceLeaves.Accounts, account.Value);
    }

    /// <summary>A balance with all that was taken.</summary>
    public Amount FindBalance(AccountId account, AssetId asset)
    {
        lock (_lock)
            return _book.Ledger.Engine.State.Read(FinanceLeaves.Balances, BalanceLeaf.Address(account, asset)).Amount;
    }

    /// <summary>One more than the number of the last asset.</summary>
    public uint AssetCount
    {
        get
        {
            lock (_lock)
                return _book.Ledger.Engine.State.Read(FinanceLeaves.Counters, 0).NextAsset;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _intake.CloseAsync();
        await _log.DisposeAsync();
    }

    private Refusal? Check(in OperationRequest request)
    {
        // What the vault can't pay would be gone for whoever withdraws it.
        if (request.Operation is Withdraw withdraw && WithdrawalRules.Check(withdraw.Asset, withdraw.Amount, withdraw.Script) is { } unpayable)
            return unpayable;
        if (request.Authorisation is { } authorisation)
            return authorisation.Fee.Units >= _options.FeeMin ? null : new Refusal("authorisation.fee", $"is below the {_options.FeeMin} sat that an operation pays");
        return request.Operation.Code is OperationCode.ClaimHtlc or OperationCode.RefundHtlc
            ? null
            : new Refusal("authorisation", "is missing: this operation is signed by the account that asks for it");
    }

    private Task<Result<Receipt, Refusal>> EnterAsync(in OperationRequest request, ReadOnlyMemory<byte> signature)
    {
        var submission = new Submission(request, signature.Span);
        return _intake.TryAdd(submission)
            ? submission.Answer
            : Task.FromResult<Result<Receipt, Refusal>>(new Refusal("sequencer", "more operations wait than it takes in a few seconds: try again shortly"));
    }

    private void CheckSignatures(IReadOnlyList<Submission> group, XmssBatchVerifier verifier)
    {
        var signed = new List<Submission>(group.Count);
        var keys = new List<XmssPublicKey>(group.Count);
        lock (_lock)
        {
            foreach (var submission in group)
            {
                if (submission.Request.Authorisation is not { } authorisation)
                    continue;
                var key = _book.Maker.KeyOf(authorisation.Account);
                if (key.Root.IsZero)
                {
                    submission.Refusal = new Refusal("authorisation.account", $"{authorisation.Account} is not registered");
                    continue;
                }

                signed.Add(submission);
                keys.Add(key);
            }
        }

        if (signed.Count == 0)
            return;
        var messages = OperationDigest.Compute(_rollup, [.. signed.Select(static submission => submission.Request)]);
        var claims = new SignedMessage[signed.Count];
        for (var i = 0; i < claims.Length; i++)
            claims[i] = new SignedMessage(keys[i], signed[i].Request.Authorisation!.Value.Index, messages[i], signed[i].Signature);
        var refusals = new Refusal?[claims.Length];
        verifier.Verify(claims, refusals);
        for (var i = 0; i < claims.Length; i++)
            (signed[i].Refusal, signed[i].Checked) = (refusals[i], new CheckedSignature(keys[i], messages[i]));
    }

    /// <summary>Takes a group in its order, as one write to the log.</summary>
    private void Take(IReadOnlyList<Submission> group)
    {
        var taken = new List<Submission>(group.Count);
        LogCommit commit = default;
        try
        {
            lock (_lock)
            {
                RequireWhole();
                var records = new LogBatch(4096 * group.Count);
                try
                {
                    foreach (var submission in group)
                    {
                        submission.Refusal ??= Take(submission);
                        if (submission.Refusal is not null)
                            continue;
                        taken.Add(submission);
                        _ = records.Add(SequencerRecord.Taken(submission.Encoded, submission.Signature));
                    }
                }
                catch (Exception exception)
                {
                    // What is in memory is no longer what the log gives: nothing more is written, and a restart finds the last state that was whole.
                    _broken = exception;
                    throw;
                }

                if (taken.Count > 0)
                    commit = Append(records);
            }
        }
        catch (Exception exception)
        {
            foreach (var submission in group)
                submission.Fail(exception);
            return;
        }

        foreach (var submission in group)
        {
            if (submission.Refusal is not null)
                submission.Refuse();
        }

        if (taken.Count > 0)
            _ = AnswerAsync(commit, taken);
    }

    private Refusal? Take(Submission submission)
    {
        if (!_book.Maker.IsOpen)
            return NotOpen;
        if (_book.Maker.IsFull)
            return new Refusal("sequencer", "the batch is full: try again when the next one is open");
        if (submission.Request is { Authorisation: null, Operation: RegisterAccount } && _book.Registrations >= _options.BatchRegistrations)
            return new Refusal("sequencer", "opens no more accounts for free in this batch: try again when the next one is open");
        submission.Place = new OperationPlace(_book.Maker.Number, _book.Maker.Operations);
        return _book.Take(submission.Request, submission.Signature, submission.Digest, submission.Checked).Refusal;
    }

    private async Task AnswerAsync(LogCommit commit, List<Submission> taken)
    {
        try
        {
            await commit.Durable;
            var receipts = ReceiptBatch.Sign(_rollup, [.. taken.Select(static submission => (submission.Place, submission.Digest))], _operator, _entropy);
            for (var i = 0; i < receipts.Length; i++)
                taken[i].Accept(receipts[i]);
        }
        catch (Exception exception)
        {
            foreach (var submission in taken)
                submission.Fail(exception);
        }
    }

    private void RequireWhole()
    {
        if (_broken is { } cause)
            throw new InvalidOperationException("The sequencer has stopped: its state is not what its log gives.", cause);
    }

    /// <summary>
    /// Makes the log begin with the state before a batch, and forgets what was before: it is on Bitcoin, deep, and proven. Intake stands still while the
    /// state is copied, not while it is written.
    /// </summary>
    /// <param name="number">The first batch that is kept: no rewind may ever reach below it.</param>
    /// <param name="cancellationToken">Gives up while it is being written.</param>
    /// <returns>False where that batch is not among those that are kept.</returns>
    /// <exception cref="StorageStoppedException">The log has stopped.</exception>
    public async Task<bool> CheckpointAsync(ulong number, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>>? records;
        LogSequence through;
        lock (_lock)
        {
            records = _book.Snapshot(number);
            through = _last;
        }

        if (records is null)
            return false;
        await _log.CheckpointAsync(through, records, cancellationToken);
        lock (_lock)
            _book.Forget(number);
        return true;
    }

    /// <summary>Bytes that opening reads.</summary>
    public long LogSize => _log.Size;

    private LogCommit Append(ReadOnlySpan<byte> record) => Append(new LogBatch(record.Length + 16).Add(record));

    private LogCommit Append(LogBatch batch)
    {
        // In the order in which the ledger took it. The log's bound is on bytes that wait for the disk: whoever meets it waits here.
        LogCommit commit;
        var wait = new SpinWait();
        while (!_log.TryAppend(batch, out commit))
            wait.SpinOnce();
        _last = commit.Sequence;
        return commit;
    }
}
