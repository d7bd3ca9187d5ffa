using System.Text;
using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Invoices;
using Tributary.Payments.Outbox;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Greenfield.Invoices;

namespace Tributary.Server.Greenfield.Webhooks;

/// <summary>Events as BTCPay's receivers read them.</summary>
internal static class GreenfieldEvents
{
    /// <summary>The body of a delivery.</summary>
    /// <param name="deliveryId">Its name; repetitions keep it, so that a receiver who has it knows.</param>
    /// <param name="endpointId">Where it goes.</param>
    /// <param name="isRepeated">It was sent before.</param>
    /// <param name="told">What happened.</param>
    public static string Body(string deliveryId, string endpointId, bool isRepeated, OutboxEvent told)
    {
        var answer = GreenfieldAnswer.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("deliveryId", deliveryId);
            writer.WriteString("webhookId", endpointId);
            writer.WriteString("originalDeliveryId", deliveryId);
            writer.WriteBoolean("isRedelivery", isRepeated);
            writer.WriteString("type", told.Kind[InvoiceEventKinds.Prefix.Length..]);
            writer.Time("timestamp", told.At);
            writer.WriteString("storeId", told.StoreId);
            WriteSubject(writer, told);
            writer.WriteEndObject();
        });
        return Encoding.UTF8.GetString(answer.Body.Span);
    }

    private static void WriteSubject(Utf8JsonWriter writer, OutboxEvent told)
    {
        if (InvoiceEventKinds.All.Contains(told.Kind, StringComparer.Ordinal))
            WriteInvoice(writer, told.Kind, InvoiceEvent.Read(told));
    }

    private static void WriteInvoice(Utf8JsonWriter writer, string kind, InvoiceEvent happened)
    {
        var file = happened.File;
        writer.WriteString("invoiceId", file.Invoice.Id);
        writer.WritePropertyName("metadata");
        writer.WriteRawValue(file.Invoice.Metadata);
        switch (kind)
        {
            case InvoiceEventKinds.ReceivedPayment or InvoiceEventKinds.PaymentSettled:
                var receipt = file.Payment.FindReceipt(happened.Receipt!)!;
                var attempt = file.Payment.FindAttempt(receipt.AttemptId)!;
                var method = MethodIds.Of(attempt.Rail) ?? nameof(RailKind.Card);
                writer.WriteBoolean("afterExpiration", file.IsAfterExpiration(receipt));
                writer.WriteString("paymentMethodId", method);
                writer.WriteString("paymentMethod", method);
                writer.WritePropertyName("payment");
                InvoiceMethod.WritePayment(writer, receipt, attempt);
                break;
            case InvoiceEventKinds.Processing:
                writer.WriteBoolean("overPaid", file.IsOverPaid);
                break;
            case InvoiceEventKinds.Settled:
                writer.WriteBoolean("manuallyMarked", happened.IsByHand);
                writer.WriteBoolean("overPaid", file.IsOverPaid);
                break;
            case InvoiceEventKinds.Invalid:
                writer.WriteBoolean("manuallyMarked", happened.IsByHand || file.AdditionalStatus == InvoiceAdditionalStatus.Marked);
                break;
            case InvoiceEventKinds.Expired:
                writer.WriteBoolean("partiallyPaid", file.AdditionalStatus == InvoiceAdditionalStatus.PaidPartial);
                break;
        }
    }
}
