using System.Text.Json;
using Tributary.Payments.Outbox;

namespace Tributary.Payments.Invoices;

/// <summary>An invoice as it was when something happened to it.</summary>
/// <param name="File">The invoice and its payment.</param>
/// <param name="Receipt">The money that it is about, by the rail's name for it; null where it is about none.</param>
/// <param name="IsByHand">A person said so.</param>
public sealed record InvoiceEvent(InvoiceFile File, string? Receipt, bool IsByHand)
{
    /// <summary>What an event of the outbox tells.</summary>
    public static InvoiceEvent Read(OutboxEvent told)
    {
        var stored = JsonSerializer.Deserialize(told.Document, InvoicesJson.Default.Event) ?? throw new InvalidOperationException($"Event {told.Id} has no document.");
        StoredInvoice.Check(stored.Format, $"Event {told.Id}");
        return new InvoiceEvent(new InvoiceFile(stored.Invoice, stored.Payment), stored.Receipt, stored.IsByHand);
    }
}
