using System.Collections.Immutable;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Protocols.Files;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>
/// Transactions in the format of the Fraud Detection Handbook, in the order of time. Read are TRANSACTION_ID, TX_DATETIME, CUSTOMER_ID, TERMINAL_ID,
/// TX_AMOUNT and TX_FRAUD; the column that names the fraud's scenario is not.
/// </summary>
public sealed class HandbookPayments : IPaymentHistory
{
    private const long DayMs = 86_400_000;

    private static readonly string[] Columns = ["TRANSACTION_ID", "TX_DATETIME", "CUSTOMER_ID", "TERMINAL_ID", "TX_AMOUNT", "TX_FRAUD"];

    private readonly List<Row> _rows;

    private HandbookPayments(List<Row> rows) => _rows = rows;

    /// <summary>Transactions.</summary>
    public int Count => _rows.Count;

    /// <summary>Known frauds.</summary>
    public int FraudCount => _rows.Count(row => row.IsFraud);

    /// <summary>The first day.</summary>
    public DateOnly FirstDay => DayOf(0);

    /// <summary>The last day.</summary>
    public DateOnly LastDay => DayOf(Count - 1);

    /// <summary>The id of a transaction in its file.</summary>
    public long Id(int row) => _rows[row].Id;

    /// <summary>The card holder of a transaction.</summary>
    public long Customer(int row) => _rows[row].Customer;

    /// <inheritdoc/>
    public long Payer(int row) => _rows[row].Customer;

    /// <inheritdoc/>
    public ImmutableArray<string> Categories => [];

    /// <summary>The day of a transaction, in days since 0001-01-01.</summary>
    public int DayNumber(int row) => (int)(_rows[row].TimeMs / DayMs) + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Whether a transaction is labelled as fraud.</summary>
    public bool IsFraud(int row) => _rows[row].IsFraud;

    /// <summary>The amount of a transaction in cents.</summary>
    public long AmountMinor(int row) => _rows[row].AmountMinor;

    /// <summary>A transaction as features see it.</summary>
    public PaymentEvent Payment(int row)
    {
        var entities = default(EntityKeys);
        entities[EntityKind.Customer] = Pseudonym.OfNumber((ulong)_rows[row].Customer);
        entities[EntityKind.Terminal] = Pseudonym.OfNumber((ulong)_rows[row].Terminal);
        return new PaymentEvent { Id = (ulong)_rows[row].Id, TimeMs = _rows[row].TimeMs, AmountMinor = _rows[row].AmountMinor, Entities = entities };
    }

    /// <summary>Reads a file, compressed or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told the share that was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Result<HandbookPayments, Refusal> Read(string path, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var rows = new List<Row>();
        var ids = new HashSet<long>();
        if (PaymentFile.Read(path, Columns, ReadRow, progress ?? (_ => { }), cancellationToken) is { } refusal)
            return refusal;
        if (rows.Count == 0)
            return new Refusal("file", "has no transactions");
        rows.Sort((a, b) => a.TimeMs != b.TimeMs ? a.TimeMs.CompareTo(b.TimeMs) : a.Id.CompareTo(b.Id));
        return new HandbookPayments(rows);

        Refusal? ReadRow(CsvRecords records, int[] places)
        {
            var fields = new FieldReader(records, Columns, places);
            var id = fields.Int64(0, 0, long.MaxValue);
            if (!ids.Add(id) && fields.Fault is null)
                return new Refusal($"line {records.Line}", $"TRANSACTION_ID {id} appears a second time");
            rows.Add(new Row(
                id,
                fields.TimeMs(1),
                fields.Int64(2, 0, long.MaxValue),
                fields.Int64(3, 0, long.MaxValue),
                fields.Amount(4, decimals: 2),
                fields.Int64(5, 0, 1) == 1));
            return fields.Fault;
        }
    }

    /// <summary>The first row on or after a day.</summary>
    internal int FirstRowOn(DateOnly day)
    {
        var timeMs = (long)(day.ToDateTime(TimeOnly.MinValue) - DateTime.UnixEpoch).TotalMilliseconds;
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_rows[middle].TimeMs < timeMs)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private DateOnly DayOf(int row) => DateOnly.FromDayNumber(DayNumber(row));

    private readonly record struct Row(long Id, long TimeMs, long Customer, long Terminal, long AmountMinor, bool IsFraud);
}
