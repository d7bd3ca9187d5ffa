using System.Numerics;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Rollup.Segments;

namespace Tributary.Rollup.Sequencing;

/// <summary>
/// How long the body of a batch gets at most, while operations are added: an envelope has a bound, and a batch that is longer could never be anchored.
/// </summary>
internal sealed class BatchSize
{
    // A kind, which terms (there are at most 2¹² of them), the length of an amount; then an account twice, a gap and the amount (docs/rollup/statement.md, section 3).
    private const int TransferBits = 1 + 12 + 6;
    private const int OtherBits = 1 + 13;
    private const int TermsBytes = 20;
    private const int SegmentBytes = 32;

    private readonly HashSet<Terms> _terms = [];
    private long _bits;

    /// <summary>Bytes at most.</summary>
    internal long Bytes => (_bits + 7) / 8;

    /// <summary>A new batch.</summary>
    internal void Clear()
    {
        _bits = 0;
        _terms.Clear();
    }

    /// <summary>A new segment, which lists its terms again.</summary>
    internal void BeginSegment()
    {
        _terms.Clear();
        _bits += 8 * SegmentBytes;
    }

    /// <summary>One more operation.</summary>
    /// <param name="request">The operation.</param>
    /// <param name="gap">Indices that it leaves out.</param>
    internal void Add(in OperationRequest request, uint gap)
    {
        if (request is { Operation: Transfer { Amount: { IsZero: false } amount } transfer, Authorisation: { } authorisation } && amount.Units <= ulong.MaxValue && authorisation.Fee.Units <= ulong.MaxValue)
        {
            var accounts = 2 * Length(Math.Max(authorisation.Account.Value, transfer.To.Value));
            _bits += TransferBits + Math.Max(accounts, 2 * Widest) + (2 * Length(gap + 1UL)) + Length((ulong)amount.Units);
            if (_terms.Add(Terms.Of(request)))
                _bits += 8 * TermsBytes;
        }
        else
        {
            _bits += OtherBits + (8 * OperationCodec.Write(request).Length);
        }
    }

    /// <summary>Bits of the largest account number, which decides the width of all.</summary>
    internal int Widest { get; set; }

    private static int Length(ulong value) => 64 - BitOperations.LeadingZeroCount(value);
}
