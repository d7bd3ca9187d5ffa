using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Errors;
using Tributary.Payments.Rails.Bitcoin.Signing;
using Tributary.Server.Payments;

namespace Tributary.Server.Stripe;

/// <summary>What the routes of transactions do that are signed elsewhere. The wallet is the operator's, so its orders are seen by keys of the first store.</summary>
internal sealed class PsbtHandlers(IServiceProvider services)
{
    private const int ListMax = 100;

    private SigningDesk? Desk => services.GetService<SigningDesk>();

    public async Task<StripeAnswer> ListAsync(StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var orders = await OrdersAsync(call, cancellationToken);
        return StripeAnswer.Of(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var order in orders)
                Write(writer, order);
            writer.WriteEndArray();
            writer.WriteBoolean("has_more", orders.Count == ListMax);
            writer.WriteString("url", "/v1/psbts");
            writer.WriteEndObject();
        });
    }

    public async Task<StripeAnswer> RetrieveAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return (await OrdersAsync(call, cancellationToken)).Find(order => string.Equals(order.Order.TransferId, id, StringComparison.Ordinal)) is { } found
            ? StripeAnswer.Of(StatusCodes.Status200OK, writer => Write(writer, found))
            : StripeErrors.Of(PaymentError.Missing("psbt", id));
    }

    public async Task<StripeAnswer> SubmitAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var text = call.Parameters.Text("psbt", SigningDesk.TextMax);
        call.Parameters.Require("psbt", text is not null);
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (Desk is not { } desk || !IsOperator(call))
            return StripeErrors.Of(PaymentError.Missing("psbt", id));
        return (await desk.SubmitAsync(id, text!, cancellationToken)).TryGet(out var txid, out var refused)
            ? StripeAnswer.Of(StatusCodes.Status200OK, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WriteString("object", "psbt");
                writer.WriteString("status", "signed");
                writer.WriteString("txid", txid.ToString());
                writer.WriteEndObject();
            })
            : StripeErrors.Of(refused);
    }

    private static bool IsOperator(StripeCall call) => string.Equals(call.Request.Key.StoreId, PaymentStart.FirstStore, StringComparison.Ordinal);

    private async Task<List<SigningView>> OrdersAsync(StripeCall call, CancellationToken cancellationToken) =>
        Desk is { } desk && IsOperator(call) ? await desk.ListAsync(ListMax, cancellationToken) : [];

    private static void Write(Utf8JsonWriter writer, SigningView view)
    {
        writer.WriteStartObject();
        writer.WriteString("id", view.Order.TransferId);
        writer.WriteString("object", "psbt");
        writer.WriteString("amount_msat", view.Amount.ToString(CultureInfo.InvariantCulture));
        writer.WriteNumber("created", view.Order.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("destination", view.Destination);
        writer.WriteString("fee_msat", view.Order.Fee.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("psbt", view.Order.Psbt);
        writer.WriteString("refund", view.RefundId);
        writer.WriteString("status", "requires_action");
        writer.WriteEndObject();
    }
}
