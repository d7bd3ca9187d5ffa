using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Rails;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Tests.Rails;

/// <summary>A bitcoin rail whose outages and answers a test decides: for faults that a real one shows too seldom.</summary>
internal sealed class FaultyRail(RailKind kind) : IPaymentRail
{
    public RailKind Kind => kind;

    public bool CanHold { get; init; } = true;

    /// <summary>Commands that are answered with a broken connection before the rail answers.</summary>
    public int OutagesLeft { get; set; }

    /// <summary>Every command that reached the rail.</summary>
    public ConcurrentQueue<RailCommand> Commands { get; } = [];

    public PaymentError? Check(CurrencyAmount amount, string? cardNumber) => null;

    public ValueTask<Result<RailOffer, PaymentError>> OfferAsync(RailOfferRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Result<RailOffer, PaymentError>>(
            new RailOffer("ref_" + request.AttemptId, "pay " + request.AttemptId, Asset.Bitcoin, request.Quote!.Bitcoin.Value, []));

    public ValueTask<ImmutableArray<RailReport>> ExecuteAsync(RailCommand command, PaymentAttempt attempt, CancellationToken cancellationToken)
    {
        Commands.Enqueue(command);
        if (OutagesLeft-- > 0)
            throw new IOException("The connection broke: did the command arrive?");
        ImmutableArray<RailReport> reports = command switch
        {
            RailCommand.Settle settle => [new RailReport.Money(attempt.Reference, attempt.Reference, ReceiptStatus.Settled, settle.Amount, null)],
            RailCommand.Release => [new RailReport.Money(attempt.Reference, attempt.Reference, ReceiptStatus.Released, attempt.Due, null)],
            _ => [],
        };
        return ValueTask.FromResult(reports);
    }

    public async IAsyncEnumerable<RailEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield break;
    }
}
