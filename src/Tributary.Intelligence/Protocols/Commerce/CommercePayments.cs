using System.Collections.Immutable;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Protocols.Files;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Commerce;

/// <summary>
/// Payments in the format of the synthetic commerce generator, in the order of time. The columns card, device, address and terminal may be empty;
/// the column that names the kind of fraud is not read.
/// </summary>
public sealed class CommercePayments : IPaymentHistory
{
    private static readonly string[] Columns =
        ["payment_id", "time", "customer", "card", "device", "address", "terminal", "merchant", "category", "latitude", "longitude", "amount", "is_fraud"];

    private static readonly EntityKind[] Kinds =
        [EntityKind.Customer, EntityKind.Card, EntityKind.Device, EntityKind.Address, EntityKind.Terminal, EntityKind.Merchant];

    private readonly List<Row> _rows;

    private CommercePayments(List<Row> rows, ImmutableArray<string> categories)
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
    public PaymentEvent Payment(int row) => _rows[row].Payment;

    /// <inheritdoc/>
    public bool IsFraud(int row) => _rows[row].IsFraud;

    /// <inheritdoc/>
    public long Payer(int row) => (long)_rows[row].Payment.Entity(EntityKind.Customer).Low;

    /// <summary>Reads a file, compressed or not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told the share that was read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Result<CommercePayments, Refusal> Read(string path, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var rows = new List<Row>();
        var ids = new HashSet<long>();
        var categories = new NameTable();
        if (PaymentFile.Read(path, Columns, ReadRow, progress ?? (_ => { }), cancellationToken) is { } refusal)
            return refusal;
        if (rows.Count == 0)
            return new Refusal("file", "has no payments");

        var names = categories.Sorted(out var codes);
        for (var i = 0; i < rows.Count; i++)
            rows[i] = rows[i] with { Payment = WithCategory(rows[i].Payment, codes[rows[i].Payment.Category]) };
        rows.Sort(static (a, b) => a.Payment.TimeMs != b.Payment.TimeMs ? a.Payment.TimeMs.CompareTo(b.Payment.TimeMs) : a.Payment.Id.CompareTo(b.Payment.Id));
        return new CommercePayments(rows, names);

        Refusal? ReadRow(CsvRecords records, int[] places)
        {
            var fields = new FieldReader(records, Columns, places);
            var id = fields.Int64(0, 0, long.MaxValue);
            if (!ids.Add(id) && fields.Fault is null)
                return new Refusal($"line {records.Line}", $"payment_id {id} appears a second time");
            var entities = default(EntityKeys);
            for (var i = 0; i < Kinds.Length; i++)
            {
                var isNeeded = Kinds[i] is EntityKind.Customer or EntityKind.Merchant;
                if (isNeeded || !fields.Bytes(2 + i).IsEmpty)
                    entities[Kinds[i]] = NamePseudonym.Of(fields.Text(2 + i));
            }

            var timeMs = fields.TimeMs(1);
            var category = fields.Text(8);
            var place = GeoPoint.FromDegrees(fields.Double(9, -90, 90), fields.Double(10, -180, 180));
            var amount = fields.Amount(11, decimals: 2);
            var isFraud = fields.Int64(12, 0, 1) == 1;
            if (fields.Fault is not null)
                return fields.Fault;
            var code = categories.CodeOf(category);
            if (code >= CategoryCode.Limit)
                return new Refusal($"line {records.Line}", $"category is one too many: a file has at most {CategoryCode.Limit}");
            rows.Add(new Row(new PaymentEvent { Id = (ulong)id, TimeMs = timeMs, AmountMinor = amount, Category = code, Place = place, Entities = entities }, isFraud));
            return null;
        }
    }

    private static PaymentEvent WithCategory(in PaymentEvent payment, int category) =>
        new() { Id = payment.Id, TimeMs = payment.TimeMs, AmountMinor = payment.AmountMinor, Category = category, Place = payment.Place, Entities = payment.Entities };

    private readonly record struct Row(PaymentEvent Payment, bool IsFraud);
}
