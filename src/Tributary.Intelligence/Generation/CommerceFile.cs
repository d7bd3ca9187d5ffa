using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Tributary.Intelligence.Generation;

/// <summary>Writes generated payments as comma-separated values.</summary>
public static class CommerceFile
{
    /// <summary>The columns, in order. The kind of fraud is for people; no model reads it.</summary>
    public const string Header = "payment_id,time,customer,card,device,address,terminal,merchant,category,latitude,longitude,amount,is_fraud,fraud_kind";

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Where to; not closed.</param>
    /// <param name="payments">The payments.</param>
    /// <param name="compress">Whether by gzip.</param>
    public static void Write(Stream stream, IReadOnlyList<CommercePayment> payments, bool compress)
    {
        if (!compress)
        {
            Write(stream, payments);
            return;
        }

        using var zip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        Write(zip, payments);
    }

    private static void Write(Stream stream, IReadOnlyList<CommercePayment> payments)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        for (var i = 0; i < payments.Count; i++)
        {
            var payment = payments[i];
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{i},{DateTime.UnixEpoch.AddSeconds(payment.TimeSeconds):yyyy-MM-dd HH:mm:ss},C{payment.Customer},K{payment.Card},D{payment.Device},A{payment.Address},T{payment.Terminal},M{payment.Merchant},{CommerceCategory.All[payment.Category].Name},{payment.Latitude:F4},{payment.Longitude:F4},{payment.AmountMinor / 100}.{payment.AmountMinor % 100:00},{(payment.Fraud == FraudKind.None ? 0 : 1)},{NameOf(payment.Fraud)}"));
        }
    }

    /// <summary>The name of a kind as it is written.</summary>
    public static string NameOf(FraudKind kind) => kind switch
    {
        FraudKind.CardTesting => "card_testing",
        FraudKind.AccountTakeover => "account_takeover",
        FraudKind.RefundAbuse => "refund_abuse",
        FraudKind.FriendlyFraud => "friendly_fraud",
        _ => "none",
    };
}
