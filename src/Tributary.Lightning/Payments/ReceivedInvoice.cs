using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>An invoice of ours, or a spontaneous payment, as its records tell it.</summary>
public sealed class ReceivedInvoice
{
    private readonly List<InvoiceRecord> _records = [];
    private bool _wasAccepted;

    internal ReceivedInvoice(InvoiceSheet sheet) => Sheet = sheet;

    public InvoiceSheet Sheet { get; }

    public InvoiceStatus Status { get; private set; }

    /// <summary>What came, once it is accepted or settled.</summary>
    public MilliSatoshis AmountReceived { get; private set; }

    /// <summary>Known once it is settled, and before unless somebody else keeps it.</summary>
    public Bytes32? Preimage { get; private set; }

    /// <summary>The HTLCs that it was paid with.</summary>
    public IReadOnlyList<HtlcKey> Parts { get; private set; } = [];

    /// <summary>Why nobody can pay it any more; empty otherwise.</summary>
    public string CancelReason { get; private set; } = "";

    /// <summary>Nobody paid it in time: its cancellation is no one's decision.</summary>
    public bool HasExpired => Status == InvoiceStatus.Cancelled && !_wasAccepted && ChangedAt >= Sheet.ExpiresAt;

    /// <summary>When it was last accepted, settled or cancelled: milliseconds since 1970.</summary>
    public long ChangedAt { get; private set; }

    internal IReadOnlyList<InvoiceRecord> Records => _records;

    internal void Apply(InvoiceRecord record)
    {
        _records.Add(record);
        switch (record)
        {
            case InvoiceRecord.Created:
                Preimage = Sheet.Preimage;
                break;
            case InvoiceRecord.Accepted accepted when Status == InvoiceStatus.Open:
                (Status, AmountReceived, ChangedAt, _wasAccepted) = (InvoiceStatus.Accepted, accepted.Amount, accepted.At, true);
                break;
            case InvoiceRecord.Settled settled when Status is InvoiceStatus.Open or InvoiceStatus.Accepted:
                (Status, AmountReceived, ChangedAt) = (InvoiceStatus.Settled, settled.Amount, settled.At);
                (Preimage, Parts) = (settled.Preimage, settled.Parts);
                break;
            case InvoiceRecord.Cancelled cancelled when Status is InvoiceStatus.Open or InvoiceStatus.Accepted:
                (Status, AmountReceived, CancelReason, ChangedAt) = (InvoiceStatus.Cancelled, MilliSatoshis.Zero, cancelled.Reason, cancelled.At);
                break;
            default:
                throw new InvalidOperationException($"The record {record.GetType().Name} does not follow when an invoice is {Status}.");
        }
    }
}
