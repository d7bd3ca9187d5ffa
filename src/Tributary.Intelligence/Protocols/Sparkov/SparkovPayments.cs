using System.Collections.Immutable;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Protocols.Files;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Sparkov;

/// <summary>
/// Transactions in the format of the Sparkov generator, in the order of time. Read are cc_num, unix_time, category, amt, is_fraud, merchant, merch_lat
/// and merch_long. Gender and date of birth are protected attributes and are not read; neither is where the card holder lives.
/// </summary>
public sealed class SparkovPayments : IPaymentHistory
{
    private static readonly string[] Columns = ["cc_num", "unix_time", "category", "amt", "is_fraud", "merchant", "merch_lat", "merch_long"];

    private readonly List<Row> _rows;

    private SparkovPayments(List<Row> rows, ImmutableArray<string> categories)
    {
        _rows = rows;
        Categories = categories;
    }

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public int FraudCount => _rows.Count(row => row.IsFraud);

    /// <inheritdoc/>
    public ImmutableArray<string> Categories { get; }

    /// <inheritdoc/>
    public bool IsFraud(int row) => _rows[row].IsFraud;

    /// <inheritdoc/>
    public long Payer(int row) => _rows[row].Card;

    /// <inheritdoc/>
    public PaymentEvent Payment(int row)
    {
        var entities = default(EntityKeys);
        entities[EntityKind.Card] = Pseudonym.OfNumber((ulong)_rows[row].Card);
        entities[EntityKind.Merchant] = _rows[row].Merchant;
        return new PaymentEvent
        {
            Id = (ulong)row,
            TimeMs = _rows[row].TimeMs,
            AmountMinor = _rows[row].AmountMinor,
            Category = _rows[row].Category,
            Place = _rows[row].Place,
            Entities = entities,
        };
    }

    /// <summary>Reads a file, compressed or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told the share that was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Result<SparkovPayments, Refusal> Read(string path, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var rows = new List<Row>();
        var categories = new NameTable();
        if (PaymentFile.Read(path, Columns, ReadRow, progress ?? (_ => { }), cancellationToken) is { } refusal)
            return refusal;
        if (rows.Count == 0)
            return new Refusal("file", "has no transactions");

        // Codes go by the names' order and not by their first appearance: another file with the same categories has the same codes.
        var names = categories.Sorted(out var codes);
        var ordered = rows.Select((row, index) => (Row: row with { Category = codes[row.Category] }, Index: index)).ToList();
        ordered.Sort((a, b) => a.Row.TimeMs != b.Row.TimeMs ? a.Row.TimeMs.CompareTo(b.Row.TimeMs) : a.Index.CompareTo(b.Index));
        return new SparkovPayments([.. ordered.Select(pair => pair.Row)], names);

        Refusal? ReadRow(CsvRecords records, int[] places)
        {
            var fields = new FieldReader(records, Columns, places);
            var card = fields.Int64(0, 0, long.MaxValue);
            var timeMs = 1_000 * fields.Int64(1, 0, PaymentEvent.MaxTimeMs / 1_000);
            var category = fields.Text(2);
            var amount = fields.Amount(3, decimals: 2);
            var isFraud = fields.Int64(4, 0, 1) == 1;
            var merchant = fields.Text(5);
            var place = GeoPoint.FromDegrees(fields.Double(6, -90, 90), fields.Double(7, -180, 180));
            if (fields.Fault is not null)
                return fields.Fault;
            var code = categories.CodeOf(category);
            if (code >= CategoryCode.Limit)
                return new Refusal($"line {records.Line}", $"category is one too many: a file has at most {CategoryCode.Limit}");
            rows.Add(new Row(card, timeMs, code, amount, isFraud, NamePseudonym.Of(merchant), place));
            return null;
        }
    }

    private readonly record struct Row(long Card, long TimeMs, int Category, long AmountMinor, bool IsFraud, Pseudonym Merchant, GeoPoint Place);
}
