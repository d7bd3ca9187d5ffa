using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Outbox;

namespace Tributary.Payments.Storage;

/// <summary>Reads what an event tells.</summary>
public static class EventDocuments
{
    /// <summary>The payment file as it was when the event happened.</summary>
    public static PaymentFile Read(OutboxEvent told)
    {
        var stored = JsonSerializer.Deserialize(told.Document, PaymentJson.Default.StoredEvent)
            ?? throw new InvalidOperationException($"Event {told.Id} has no document.");
        return stored.Format == StoredEvent.CurrentFormat
            ? stored.File
            : throw new InvalidOperationException($"Event {told.Id} has the format {stored.Format}: a newer version of the program wrote it.");
    }
}
