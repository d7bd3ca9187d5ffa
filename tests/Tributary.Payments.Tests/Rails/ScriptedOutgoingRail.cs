using System.Collections.Concurrent;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Tests.Rails;

/// <summary>
/// An outgoing rail whose answers a test decides. It keeps what a real one keeps: which transfers it has paid, and how much of its own money left.
/// </summary>
internal sealed class ScriptedOutgoingRail(RailKind kind) : IOutgoingRail
{
    private readonly ConcurrentDictionary<string, OutgoingReport> _final = new(StringComparer.Ordinal);

    public RailKind Kind => kind;

    /// <summary>The next answers to transfers that are not decided yet; without one they are paid. A null is a broken connection.</summary>
    public ConcurrentQueue<OutgoingReport?> Answers { get; } = [];

    /// <summary>Every call.</summary>
    public ConcurrentQueue<OutgoingTransfer> Calls { get; } = [];

    /// <summary>What each call waits for before it is answered.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>What left, in the rail's asset, fees included.</summary>
    public long Left { get; private set; }

    /// <summary>Spent on the way of each payment.</summary>
    public long Fee { get; set; }

    /// <summary>Did a transfer leave?</summary>
    public bool HasPaid(string transferId) => _final.GetValueOrDefault(transferId) is OutgoingReport.Sent;

    public Result<OutgoingDestination, PaymentError> Read(string? destination, long amount)
    {
        if (destination is null || destination.Contains("bad", StringComparison.Ordinal))
            return PaymentError.Invalid("destination_invalid", "destination", "This is no destination.");
        var isInvoice = kind == RailKind.Lightning;
        if (isInvoice && destination.Split(':') is [_, var named] && long.Parse(named, System.Globalization.CultureInfo.InvariantCulture) != amount)
            return PaymentError.Invalid("amount_mismatch", "destination", $"The invoice has to name {amount}.");
        return new OutgoingDestination(destination, isInvoice ? "hash of " + destination : null, isInvoice ? new DateTimeOffset(2026, 11, 22, 13, 0, 0, TimeSpan.Zero) : null, 5000);
    }

    public async ValueTask<OutgoingReport> SendAsync(OutgoingTransfer transfer, CancellationToken cancellationToken)
    {
        Calls.Enqueue(transfer);
        await Held.WaitAsync(cancellationToken);
        if (_final.TryGetValue(transfer.Id, out var known))
            return known;
        if (Answers.TryDequeue(out var answer))
        {
            if (answer is null)
                throw new IOException("The connection broke: did it leave?");
            if (answer is OutgoingReport.Pending)
                return answer;
        }

        answer ??= new OutgoingReport.Sent("paid " + transfer.Id, "preimage", Fee);
        _final[transfer.Id] = answer;
        if (answer is OutgoingReport.Sent sent)
            Left += transfer.Amount + sent.Fee;
        return answer;
    }
}
