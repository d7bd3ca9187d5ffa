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
                return (await node.CreateInvoiceAsync(request, token)).TryGet(out var invoice, out var refusal)
                    ? GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, new LightningObjects.InvoiceLine(invoice.PaymentHash.ToString(), "Unpaid", invoice.Text, null, invoice.ExpiresAt, invoice.Amount?.Value ?? 0, null, null)))
                    : NodeHandlers.Refuse("invoice-error", refusal);
            },
            cancellationToken);
    }

    public Task<GreenfieldAnswer> InvoiceAsync(GreenfieldCall call, CancellationToken cancellationToken) => nodes.WithAsync(
        call,
        async (node, token) => Bytes32.TryParse(call.Route("id"), out var hash) && await node.FindPaymentAsync(hash, isOutgoing: false, token) is { } report
            ? GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, LightningObjects.InvoiceOf(report)))
            : GreenfieldErrors.Missing("invoice"),
        cancellationToken);

    public async Task<GreenfieldAnswer> InvoicesAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var isPendingOnly = call.Query.Flag("pendingOnly") ?? false;
        var offset = call.Query.Integer("offsetIndex", 0, int.MaxValue) ?? 0;
        return await nodes.WithAsync(
            call,
            async (node, token) => GreenfieldAnswer.List(
                (await node.ListPaymentsAsync(token)).Where(report => !report.IsOutgoing && (!isPendingOnly || report.State is "open" or "held")).Skip((int)offset).Take(ListMax).Select(LightningObjects.InvoiceOf),
                LightningObjects.Write),
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
}
