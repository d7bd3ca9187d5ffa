using System.Text.Json;
using Tributary.Payments.Stores;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Stores;

/// <summary>Stores as the dialect writes them.</summary>
internal static class StoreJson
{
    public static IReadOnlyDictionary<string, SpeedPolicy> SpeedPolicies { get; } =
        Enum.GetValues<SpeedPolicy>().ToDictionary(static policy => policy.ToString(), StringComparer.Ordinal);

    /// <summary>Choices about looks, and about what this server never does, with what they are where nobody chose; they are kept and given back.</summary>
    public static IReadOnlyDictionary<string, string> Looks { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["logoUrl"] = "null",
        ["cssUrl"] = "null",
        ["paymentSoundUrl"] = "null",
        ["brandColor"] = "null",
        ["applyBrandColorToBackend"] = "false",
        ["additionalTrackedRates"] = "[]",
        ["displayExpirationTimer"] = "300",
        ["lightningAmountInSatoshi"] = "false",
        ["lightningPrivateRouteHints"] = "false",
        ["onChainWithLnInvoiceFallback"] = "true",
        ["showRecommendedFee"] = "true",
        ["recommendedFeeBlockTarget"] = "1",
        ["autoDetectLanguage"] = "true",
        ["showPayInWalletButton"] = "true",
        ["showStoreHeader"] = "true",
        ["celebratePayment"] = "true",
        ["playSoundOnPayment"] = "false",
        ["requiresRefundEmail"] = "false",
        ["customLogo"] = "null",
        ["customCSS"] = "null",
        ["networkFeeMode"] = "\"Never\"",
        ["payJoinEnabled"] = "false",
    };

    /// <summary>How much may be missing of an amount: a percentage to its hundredths, here in hundredths of a percent.</summary>
    public static int? ReadTolerance(GreenfieldBody body)
    {
        if (body.Number("paymentTolerance", 0, 100) is not { } percent)
            return null;
        if (percent * 100 != decimal.Truncate(percent * 100))
            body.Refuse("paymentTolerance", "Hundredths of a percent are the finest tolerance.");
        return (int)(percent * 100);
    }

    public static void Write(Utf8JsonWriter writer, StoreRecord store)
    {
        var settings = store.Settings;
        writer.WriteStartObject();
        writer.WriteString("id", store.Id);
        writer.WriteString("name", store.Name);
        writer.Text("website", settings.Website);
        writer.Text("supportUrl", settings.SupportUrl);
        writer.WriteString("defaultCurrency", settings.DefaultCurrency.Code.ToUpperInvariant());
        writer.WriteNumber("invoiceExpiration", (long)settings.InvoiceExpiration.TotalSeconds);
        writer.WriteNumber("monitoringExpiration", (long)settings.MonitoringExpiration.TotalSeconds);
        writer.WriteNumber("refundBOLT11Expiration", settings.RefundInvoiceDaysMin);
        writer.WriteString("speedPolicy", settings.SpeedPolicy.ToString());
        writer.WriteString("lightningDescriptionTemplate", settings.LightningDescriptionTemplate);
        writer.WriteNumber("paymentTolerance", settings.ToleranceBasisPoints / 100m);
        writer.WriteBoolean("archived", store.IsArchived);
        writer.WriteBoolean("anyoneCanCreateInvoice", false);
        writer.WriteBoolean("redirectAutomatically", settings.RedirectsAutomatically);
        writer.WriteString("defaultLang", settings.DefaultLanguage);
        writer.Text("htmlTitle", settings.HtmlTitle);
        writer.WriteBoolean("lazyPaymentMethods", settings.IsLazy);
        writer.Text("defaultPaymentMethod", settings.DefaultRail is { } rail ? MethodIds.Of(rail) : null);
        writer.WriteStartArray("paymentMethodCriteria");
        writer.WriteEndArray();
        writer.WriteStartObject("receipt");
        writer.WriteBoolean("enabled", settings.Receipt.IsEnabled ?? true);
        writer.Flag("showQR", settings.Receipt.ShowsCode);
        writer.Flag("showPayments", settings.Receipt.ShowsPayments);
        writer.WriteEndObject();
        foreach (var (name, unset) in Looks)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(settings.Looks.GetValueOrDefault(name) ?? unset);
        }

        writer.WriteEndObject();
    }
}
