using System.Text;
using Tributary.Crypto;
using Tributary.Lightning.Node.Reports;
using Tributary.Payments.Outgoing;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Server.Greenfield.Frame;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.LightningNodes;

/// <summary>Invoices and payments of the node itself: what comes and goes here is the operator's own money, and the books say so.</summary>
internal sealed class NodePaymentHandlers(NodeHandlers nodes, IOutgoingGate gate, IDatabase database)
{
    private const int ListMax = 200;

    public async Task<GreenfieldAnswer> CreateInvoiceAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var terms = InvoiceTerms.Read(call, least: 0);
        return await nodes.WithAsync(
            call,
            async (node, token) =>
            {
                var request = new InvoiceRequest(terms.Amount > 0 ? new MilliSatoshis(terms.Amount) : null)
                {
                    Description = terms.IsHashOnly ? "" : terms.Description,
                    DescriptionHash = terms.IsHashOnly ? Hashes.Sha256(Encoding.UTF8.GetBytes(terms.Description)) : null,
                    Expiry = terms.Lifetime,
                };
                if (!(await node.CreateInvoiceAsync(request, token)).TryGet(out var invoice, out var refusal))
                    return NodeHandlers.Refuse("invoice-error", refusal);
                await KeepAsync(invoice.PaymentHash.ToString(), invoice.Text, token);
                return GreenfieldAnswer.Of(writer => LightningObjects.Write(
                    writer, new LightningObjects.InvoiceLine(invoice.PaymentHash.ToString(), "Unpaid", invoice.Text, null, invoice.ExpiresAt, invoice.Amount?.Value ?? 0, null, null)));
            },
            cancellationToken);
    }

    public Task<GreenfieldAnswer> InvoiceAsync(GreenfieldCall call, CancellationToken cancellationToken) => nodes.WithAsync(
        call,
        async (node, token) => Bytes32.TryParse(call.Route("id"), out var hash) && await node.FindPaymentAsync(hash, isOutgoing: false, token) is { } report
            ? Answer(report, await TextOfAsync(report, token))
            : GreenfieldErrors.Missing("invoice"),
        cancellationToken);

    public async Task<GreenfieldAnswer> InvoicesAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var isPendingOnly = call.Query.Flag("pendingOnly") ?? false;
        var offset = call.Query.Integer("offsetIndex", 0, int.MaxValue) ?? 0;
        return await nodes.WithAsync(
            call,
            async (node, token) =>
            {
                var lines = new List<LightningObjects.InvoiceLine>();
                foreach (var report in (await node.ListPaymentsAsync(token)).Where(report => !report.IsOutgoing && (!isPendingOnly || report.State is "open" or "held")).Skip((int)offset).Take(ListMax))
                    lines.Add(LightningObjects.InvoiceOf(report, await TextOfAsync(report, token)));
                return GreenfieldAnswer.List(lines, LightningObjects.Write);
            },
            cancellationToken);
    }

    public async Task<GreenfieldAnswer> PayAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var terms = PayTerms.Read(call);
        return await nodes.WithAsync(
            call,
            async (node, token) =>
            {
                if (await database.ReadAsync((transaction, cancel) => gate.IsStoppedAsync(transaction, cancel), token))
                    return PayTerms.Stopped;
                var request = new PayRequest(terms.Bolt11) { Amount = terms.ExtraAmount, FeeMax = terms.FeeMax, Timeout = terms.Timeout };
                if (!(await node.PayAsync(request, token)).TryGet(out var report, out var refusal))
                    return NodeHandlers.Refuse("generic-error", refusal);
                return string.Equals(report.State, "failed", StringComparison.Ordinal)
                    ? GreenfieldErrors.Of(StatusCodes.Status400BadRequest, "could-not-find-route", report.Reason ?? "No way to the receiver was found.")
                    : PayTerms.Answer(LightningObjects.PaymentOf(report));
            },
            cancellationToken);
    }

    public Task<GreenfieldAnswer> PaymentAsync(GreenfieldCall call, CancellationToken cancellationToken) => nodes.WithAsync(
        call,
        async (node, token) => Bytes32.TryParse(call.Route("paymentHash"), out var hash) && await node.FindPaymentAsync(hash, isOutgoing: true, token) is { } report
            ? GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, LightningObjects.PaymentOf(report)))
            : GreenfieldErrors.Missing("payment"),
        cancellationToken);

    public async Task<GreenfieldAnswer> PaymentsAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withPending = call.Query.Flag("includePending") ?? false;
        var offset = call.Query.Integer("offsetIndex", 0, int.MaxValue) ?? 0;
        return await nodes.WithAsync(
            call,
            async (node, token) => GreenfieldAnswer.List(
                (await node.ListPaymentsAsync(token)).Where(report => report.IsOutgoing && (withPending || report.State is not "pending")).Skip((int)offset).Take(ListMax).Select(LightningObjects.PaymentOf),
                LightningObjects.Write),
            cancellationToken);
    }

    private static GreenfieldAnswer Answer(PaymentReport report, string? text) => GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, LightningObjects.InvoiceOf(report, text)));

    // The node knows what it is owed and not how the invoice was written; clients ask for the text again by the invoice's name.
    private async Task KeepAsync(string hash, string text, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO greenfield_node_invoices (payment_hash, invoice) VALUES (@hash, @text)", new SqlArguments { { "hash", hash }, { "text", text } }, token);
            return true;
        },
        cancellationToken);

    // Invoices of stores are the payment core's, which keeps their texts with its attempts.
    private async Task<string?> TextOfAsync(PaymentReport report, CancellationToken cancellationToken) => report.InvoiceText ?? await database.ReadAsync(
        (transaction, token) => transaction.FirstOrDefaultAsync(
            "SELECT invoice FROM greenfield_node_invoices WHERE payment_hash = @hash",
            new SqlArguments { { "hash", report.PaymentHash.ToString() } },
            static string? (row) => row.Text(0),
            token),
        cancellationToken);
}
