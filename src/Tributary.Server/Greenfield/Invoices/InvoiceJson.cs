using System.Text.Json;
using Tributary.Payments.Invoices;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Invoices;

/// <summary>Invoices as the dialect writes them.</summary>
internal static class InvoiceJson
{
    public static void Write(Utf8JsonWriter writer, InvoiceFile file, string origin, IEnumerable<InvoiceMethod>? methods)
    {
        var invoice = file.Invoice;
        writer.WriteStartObject();
        writer.WriteString("id", invoice.Id);
        writer.WriteString("storeId", invoice.StoreId);
        writer.WriteString("amount", InvoiceMoney.Text(file.Payment.Intent.Amount, invoice.Currency));
        writer.WriteString("paidAmount", InvoiceMoney.Text(file.Paid, invoice.Currency));
        writer.WriteString("currency", invoice.Currency);
        writer.WriteString("type", file.Payment.Intent.IsTopUp ? "TopUp" : "Standard");
        writer.WriteString("checkoutLink", origin + invoice.Path);
        writer.Time("createdTime", invoice.CreatedAt);
        writer.Time("expirationTime", invoice.ExpiresAt);
        writer.Time("monitoringExpiration", invoice.MonitoredUntil);

        // What it was called before; the PHP library reads it.
        writer.Time("monitoringTime", invoice.MonitoredUntil);
        writer.WriteString("status", file.Status.ToString());
        writer.WriteString("additionalStatus", file.AdditionalStatus.ToString());
        writer.Texts("availableStatusesForManualMarking", InvoiceService.MarksFor(file).Select(static mark => mark.ToString()));
        writer.WriteBoolean("archived", invoice.IsArchived);
        writer.WritePropertyName("metadata");
        writer.WriteRawValue(invoice.Metadata);
        WriteCheckout(writer, invoice, file.Payment.Intent.Terms?.ToleranceBasisPoints ?? 0);
        writer.WriteStartObject("receipt");
        writer.Flag("enabled", invoice.Receipt.IsEnabled);
        writer.Flag("showQR", invoice.Receipt.ShowsCode);
        writer.Flag("showPayments", invoice.Receipt.ShowsPayments);
        writer.WriteEndObject();
        if (methods is not null)
        {
            writer.WriteStartArray("paymentMethods");
            foreach (var method in methods)
                method.Write(writer, false);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteCheckout(Utf8JsonWriter writer, Invoice invoice, int toleranceBasisPoints)
    {
        writer.WriteStartObject("checkout");
        writer.WriteString("speedPolicy", invoice.SpeedPolicy.ToString());
        writer.Texts("paymentMethods", invoice.Rails.Select(static rail => MethodIds.Of(rail)!));
        writer.Text("defaultPaymentMethod", invoice.DefaultRail is { } rail ? MethodIds.Of(rail) : null);
        writer.WriteBoolean("lazyPaymentMethods", invoice.IsLazy);
        writer.WriteNumber("expirationMinutes", (long)invoice.Expiration.TotalMinutes);
        writer.WriteNumber("monitoringMinutes", (long)invoice.Monitoring.TotalMinutes);
        writer.WriteNumber("paymentTolerance", toleranceBasisPoints / 100m);
        writer.Text("redirectURL", invoice.RedirectUrl);
        writer.WriteBoolean("redirectAutomatically", invoice.RedirectsAutomatically);
        writer.Text("defaultLanguage", invoice.DefaultLanguage);
        writer.WriteEndObject();
    }
}
