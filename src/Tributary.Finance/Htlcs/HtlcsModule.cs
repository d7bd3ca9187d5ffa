using System.Security.Cryptography;
using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Htlcs;

/// <summary>
/// Hash time-locked contracts. At every height exactly one of claim and refund is open, so what is posted on Bitcoin before the timeout can't be
/// overtaken by a refund.
/// </summary>
public sealed class HtlcsModule : IFinanceModule
{
    public string Name => "htlcs";

    public IReadOnlyList<LeafType> Leaves { get; } = [FinanceLeaves.Htlcs];

    public IReadOnlyList<OperationHandler> Operations { get; } =
    [
        new OperationHandler<LockHtlc>(OperationCode.LockHtlc, AuthorisationRule.Account, ReadLock, Lock),
        new OperationHandler<ClaimHtlc>(OperationCode.ClaimHtlc, AuthorisationRule.Anybody, ReadClaim, Claim),
        new OperationHandler<RefundHtlc>(OperationCode.RefundHtlc, AuthorisationRule.Anybody, ReadRefund, Refund),
    ];

    private static Refusal? Lock(Execution run, LockHtlc operation)
    {
        var height = run.Context.Height;
        if (operation.Amount.IsZero)
            return new Refusal("amount", "zero");
        if (!run.IsRegistered(operation.Recipient))
            return new Refusal("recipient", $"{operation.Recipient} is not registered");
        if (operation.Timeout <= height || operation.Timeout - height > LockHtlc.MaxBlocks)
            return new Refusal("timeout", $"from 1 to {LockHtlc.MaxBlocks} blocks after {height}");
        var sender = run.Caller!.Value;
        if (run.Debit(sender, operation.Asset, operation.Amount) is { } refusal)
            return refusal;
        ref var counters = ref run.State.Touch(FinanceLeaves.Counters, 0);
        var htlc = new HtlcId(counters.NextHtlc);
        if (htlc.Value >= HtlcId.Limit)
            return new Refusal("operation", "there is no number left for a contract");
        counters = counters with { NextHtlc = htlc.Value + 1 };
        var terms = new HtlcLeaf(sender, operation.Recipient, operation.Asset, operation.Amount, operation.Hash, operation.Timeout);
        run.State.Touch(FinanceLeaves.Htlcs, htlc.Value) = terms;
        run.Emit(new HtlcLocked(htlc, terms));
        return null;
    }

    private static Refusal? Claim(Execution run, ClaimHtlc operation)
    {
        var terms = run.State.Read(FinanceLeaves.Htlcs, operation.Htlc.Value);
        if (terms.IsEmpty)
            return new Refusal("htlc", $"{operation.Htlc} is not open");
        if (run.Context.Height >= terms.Timeout)
            return new Refusal("htlc", $"{operation.Htlc} timed out at {terms.Timeout}, it is {run.Context.Height}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(operation.Preimage.Span, hash);
        if (!hash.SequenceEqual(terms.Hash.Span))
            return new Refusal("preimage", "does not hash to the hash of the contract");
        Close(run, operation.Htlc, terms.Recipient, terms);
        run.Emit(new HtlcClaimed(operation.Htlc, terms, operation.Preimage));
        return null;
    }

    private static Refusal? Refund(Execution run, RefundHtlc operation)
    {
        var terms = run.State.Read(FinanceLeaves.Htlcs, operation.Htlc.Value);
        if (terms.IsEmpty)
            return new Refusal("htlc", $"{operation.Htlc} is not open");
        if (run.Context.Height < terms.Timeout)
            return new Refusal("htlc", $"{operation.Htlc} times out at {terms.Timeout}, it is {run.Context.Height}");
        Close(run, operation.Htlc, terms.Sender, terms);
        run.Emit(new HtlcRefunded(operation.Htlc, terms));
        return null;
    }

    private static void Close(Execution run, HtlcId htlc, AccountId to, in HtlcLeaf terms)
    {
        run.State.Touch(FinanceLeaves.Htlcs, htlc.Value) = default;
        run.Credit(to, terms.Asset, terms.Amount);
    }

    private static LockHtlc? ReadLock(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset)
        && reader.TryReadAccount(out var recipient)
        && reader.TryReadAmount(out var amount)
        && reader.TryReadBytes32(out var hash)
        && reader.TryReadUInt32LittleEndian(out var timeout)
            ? new LockHtlc(asset, recipient, amount, hash, timeout)
            : null;

    private static ClaimHtlc? ReadClaim(ref SpanReader reader) =>
        reader.TryReadUInt64LittleEndian(out var htlc) && reader.TryReadBytes32(out var preimage)
            ? new ClaimHtlc(new HtlcId(htlc), preimage)
            : null;

    private static RefundHtlc? ReadRefund(ref SpanReader reader) =>
        reader.TryReadUInt64LittleEndian(out var htlc) ? new RefundHtlc(new HtlcId(htlc)) : null;
}
