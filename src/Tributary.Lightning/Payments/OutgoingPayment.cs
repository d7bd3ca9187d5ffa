using Tributary.Lightning.Routing;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>An outgoing payment as its records tell it.</summary>
public sealed class OutgoingPayment
{
    private readonly List<PaymentRecord> _records = [];
    private readonly List<PaymentAttempt> _attempts = [];
    private int _attemptsBefore;

    internal OutgoingPayment(PaymentRecord.Started started) => Order = started.Order;

    /// <summary>As it was last given.</summary>
    public PaymentOrder Order { get; private set; }

    public PaymentStatus Status { get; private set; }

    /// <summary>All attempts, oldest first, those of an order that failed and was given again too. At most one is outstanding.</summary>
    public IReadOnlyList<PaymentAttempt> Attempts => _attempts;

    /// <summary>The proof of payment.</summary>
    public Bytes32? Preimage { get; private set; }

    /// <summary>What the nodes between kept; zero unless it succeeded.</summary>
    public MilliSatoshis Fee { get; private set; }

    /// <summary>The way that succeeded.</summary>
    public Route? Route { get; private set; }

    public PaymentFailure Failure { get; private set; }

    /// <summary>Why it failed, in words; empty unless it did.</summary>
    public string FailureText { get; private set; } = "";

    /// <summary>When it ended, in milliseconds since 1970; zero while it is pending.</summary>
    public long EndedAt { get; private set; }

    public bool IsAbandoned { get; private set; }

    /// <summary>What may still leave us: the HTLCs that nobody has resolved.</summary>
    public MilliSatoshis Outstanding => _attempts.Where(static attempt => attempt.IsOutstanding)
        .Aggregate(MilliSatoshis.Zero, static (sum, attempt) => sum + attempt.Route.AmountSent);

    /// <summary>Attempts since the order was last given.</summary>
    internal int AttemptsMade => _attempts.Count - _attemptsBefore;

    internal RouteConstraints Constraints { get; private set; } = new();

    internal PaymentAttempt? OutstandingAttempt => _attempts.Count > 0 && _attempts[^1].IsOutstanding ? _attempts[^1] : null;

    /// <summary>The records that this payment is made of.</summary>
    internal IReadOnlyList<PaymentRecord> Records => _records;

    internal void Apply(PaymentRecord record)
    {
        _records.Add(record);
        switch (record)
        {
            case PaymentRecord.Started again:
                (Order, Status, Failure, FailureText, EndedAt, IsAbandoned) = (again.Order, PaymentStatus.Pending, PaymentFailure.None, "", 0, false);
                (Constraints, _attemptsBefore) = (new RouteConstraints(), _attempts.Count);
                break;
            case PaymentRecord.AttemptStarted started:
                _attempts.Add(new PaymentAttempt(started));
                break;
            case PaymentRecord.AttemptOffered offered:
                Attempt(offered.Attempt).Htlc = offered.Htlc;
                break;
            case PaymentRecord.AttemptFailed failed:
                Attempt(failed.Attempt).Failure = failed;
                foreach (var lesson in failed.Lessons)
                    lesson.AddTo(Constraints);
                break;
            case PaymentRecord.AttemptFulfilled fulfilled:
                var attempt = Attempt(fulfilled.Attempt);
                attempt.Preimage = fulfilled.Preimage;
                attempt.SharedSecrets = null;
                if (Status == PaymentStatus.Succeeded)
                    break;
                (Status, Preimage, Route, Fee, EndedAt) = (PaymentStatus.Succeeded, fulfilled.Preimage, attempt.Route, attempt.Route.Fee, fulfilled.At);
                (Failure, FailureText) = (PaymentFailure.None, "");
                break;
            case PaymentRecord.Failed failed:
                (Status, Failure, FailureText, EndedAt) = (PaymentStatus.Failed, failed.Reason, failed.Text, failed.At);
                break;
            case PaymentRecord.Abandoned:
                IsAbandoned = true;
                break;
            default:
                throw new InvalidOperationException($"The record {record.GetType().Name} does not belong to a payment under way.");
        }
    }

    // Attempts are numbered as they come.
    private PaymentAttempt Attempt(ushort number) => number >= 1 && number <= _attempts.Count
        ? _attempts[number - 1]
        : throw new InvalidOperationException($"There is no attempt {number} in a payment of {_attempts.Count}.");
}
