using System.Globalization;
using System.Text.Json;
using Tributary.Lightning.Node.Reports;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.LightningNodes;

/// <summary>A node and its payments as this dialect writes them. Amounts are whole numbers as text: millisatoshis, satoshis on chain.</summary>
internal static class LightningObjects
{
    /// <summary>What an invoice is, whoever keeps it.</summary>
    internal sealed record InvoiceLine(
        string PaymentHash, string Status, string? Bolt11, DateTimeOffset? PaidAt, DateTimeOffset? ExpiresAt, long Amount, long? Received, string? Preimage);

    /// <summary>What a payment is, whoever keeps it.</summary>
    internal sealed record PaymentLine(string PaymentHash, string Status, string? Bolt11, string? Preimage, DateTimeOffset CreatedAt, long? Total, long? Fee);

    /// <summary>LightningNodeInformationData.</summary>
    public static void Write(Utf8JsonWriter writer, NodeInfo info, IReadOnlyList<ChannelReport> channels)
    {
        writer.WriteStartObject();
        writer.Texts("nodeURIs", info.Addresses.Select(address => $"{info.NodeId}@{address}"));
        writer.WriteNumber("blockHeight", info.Height);
        writer.WriteString("alias", info.Alias);
        writer.WriteString("color", "#" + info.NodeId.ToString()[^6..]);
        writer.WriteString("version", typeof(LightningObjects).Assembly.GetName().Version?.ToString(3) ?? "0");
        writer.WriteNumber("peersCount", info.PeerCount);
        writer.WriteNumber("activeChannelsCount", channels.Count(static channel => channel.IsUsable));
        writer.WriteNumber("inactiveChannelsCount", channels.Count(static channel => !channel.IsUsable && channel.State is not "opening" and not "confirming"));
        writer.WriteNumber("pendingChannelsCount", channels.Count(static channel => channel.State is "opening" or "confirming"));
        writer.WriteEndObject();
    }

    /// <summary>LightningNodeBalanceData.</summary>
    public static void Write(Utf8JsonWriter writer, BalanceReport balance, IReadOnlyList<ChannelReport> channels)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("onchain");
        writer.WriteString("confirmed", Whole(balance.Confirmed.Value));
        writer.WriteString("unconfirmed", Whole(balance.Unconfirmed.Value));
        writer.WriteString("reserved", Whole(balance.Reserve.Value));
        writer.WriteEndObject();
        writer.WriteStartObject("offchain");
        writer.WriteString("opening", Sum(static channel => channel.State is "opening" or "confirming", static channel => channel.Ours.Value));
        writer.WriteString("local", Sum(static channel => channel.IsUsable, static channel => channel.Ours.Value));
        writer.WriteString("remote", Sum(static channel => channel.IsUsable, static channel => channel.Theirs.Value));
        writer.WriteString("closing", Sum(static channel => channel.State is "closing" or "closed" or "on_chain", static channel => channel.Ours.Value));
        writer.WriteEndObject();
        writer.WriteEndObject();

        string Sum(Func<ChannelReport, bool> isIt, Func<ChannelReport, long> amount) => Whole(channels.Where(isIt).Sum(amount));
    }

    /// <summary>LightningChannelData.</summary>
    public static void Write(Utf8JsonWriter writer, ChannelReport channel)
    {
        writer.WriteStartObject();
        writer.WriteString("remoteNode", channel.Peer.ToString());
        writer.WriteBoolean("isPublic", !channel.IsPrivate);
        writer.WriteBoolean("isActive", channel.IsUsable);
        writer.WriteString("capacity", Whole(channel.Capacity.ToMilliSatoshis().Value));
        writer.WriteString("localBalance", Whole(channel.Ours.Value));
        writer.Text("channelPoint", channel.Funding?.ToString());
        writer.WriteEndObject();
    }

    /// <summary>LightningInvoiceData.</summary>
    public static void Write(Utf8JsonWriter writer, InvoiceLine invoice)
    {
        writer.WriteStartObject();
        writer.WriteString("id", invoice.PaymentHash);
        writer.WriteString("status", invoice.Status);
        writer.Text("BOLT11", invoice.Bolt11);
        writer.Time("paidAt", invoice.PaidAt);
        writer.Time("expiresAt", invoice.ExpiresAt);
        writer.WriteString("amount", Whole(invoice.Amount));
        writer.Text("amountReceived", invoice.Received is { } received ? Whole(received) : null);
        writer.WriteString("paymentHash", invoice.PaymentHash);
        writer.Text("preimage", invoice.Preimage);
        writer.WriteNull("customRecords");
        writer.WriteEndObject();
    }

    /// <summary>LightningPaymentData.</summary>
    public static void Write(Utf8JsonWriter writer, PaymentLine payment)
    {
        writer.WriteStartObject();
        writer.WriteString("id", payment.PaymentHash);
        writer.WriteString("status", payment.Status);
        writer.Text("BOLT11", payment.Bolt11);
        writer.WriteString("paymentHash", payment.PaymentHash);
        writer.Text("preimage", payment.Preimage);
        writer.Time("createdAt", payment.CreatedAt);
        writer.Text("totalAmount", payment.Total is { } total ? Whole(total) : null);
        writer.Text("feeAmount", payment.Fee is { } fee ? Whole(fee) : null);
        writer.WriteEndObject();
    }

    /// <summary>An invoice of the node itself.</summary>
    public static InvoiceLine InvoiceOf(PaymentReport report, string? text) => new(
        report.PaymentHash.ToString(),
        report.State switch { "received" => "Paid", "expired" or "cancelled" => "Expired", _ => "Unpaid" },
        text,
        report.State is "received" ? report.EndedAt : null,
        report.ExpiresAt,
        report.Amount.Value,
        report.State is "received" or "held" ? report.Amount.Value : null,
        report.State is "received" ? report.Preimage?.ToString() : null);

    /// <summary>A payment of the node itself.</summary>
    public static PaymentLine PaymentOf(PaymentReport report) => new(
        report.PaymentHash.ToString(),
        report.State switch { "succeeded" => "Complete", "failed" => "Failed", _ => "Pending" },
        report.InvoiceText,
        report.Preimage?.ToString(),
        report.CreatedAt,
        checked(report.Amount.Value + report.Fee.Value),
        report.Fee.Value);

    private static string Whole(long amount) => amount.ToString(CultureInfo.InvariantCulture);
}
