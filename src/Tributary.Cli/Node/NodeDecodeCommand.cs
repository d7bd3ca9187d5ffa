using System.CommandLine;
using System.Globalization;
using Tributary.Cli.Node.Control;
using Tributary.Cli.Node.Views;
using Tributary.Cli.Reporting;
using Tributary.Lightning.Invoices;

namespace Tributary.Cli.Node;

/// <summary><c>tributary node decode</c>: says what an invoice says. Needs no running node.</summary>
internal static class NodeDecodeCommand
{
    internal static Command Create()
    {
        var text = new Argument<string>("invoice") { Description = "The invoice's text (BOLT 11)." };
        var command = new Command("decode", "Say what an invoice says.") { text };
        command.SetAction(parsed =>
        {
            var writer = ReportWriter.For(parsed);
            return Invoice.Parse(parsed.GetValue(text)!.Trim()).TryGet(out var invoice, out var refusal)
                ? writer.Report(View(invoice), ControlJson.Plain.DecodedView, NodeShow.Decoded)
                : writer.Fail(refusal);
        });
        return command;
    }

    private static DecodedView View(Invoice invoice)
    {
        var terms = invoice.Terms;
        return new DecodedView(
            invoice.Payee.ToString(),
            terms.PaymentHash.ToString(),
            terms.Amount?.Value,
            terms.Network.Name,
            terms.Description,
            terms.DescriptionHash?.ToString(),
            Time(terms.Timestamp),
            Time(terms.ExpiresAt),
            terms.EffectiveMinFinalCltvExpiryDelta,
            terms.RouteHints.Count);
    }

    private static string Time(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253_402_300_799)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
