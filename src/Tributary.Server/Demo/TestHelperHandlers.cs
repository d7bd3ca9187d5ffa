using System.Globalization;
using Tributary.Bitcoin.Chain;
using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Refunds;
using Tributary.Primitives.Amounts;
using Tributary.Server.Chain;
using Tributary.Server.Stripe;

namespace Tributary.Server.Demo;

/// <summary>What the test helpers' routes do.</summary>
internal sealed class TestHelperHandlers(Shopper shopper, IDemoWallet wallet, PaymentService payments, RefundService refunds, IChainSource chain)
{
    private const long SecondsMax = 60 * 24 * 3600;

    public async Task<StripeAnswer> PayAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var rail = parameters.Word("payment_method_type", StripeWords.Rails);
        var amount = parameters.Integer("amount");
        if (amount is < 1 or > Satoshis.PerBitcoin)
            parameters.Refuse("parameter_invalid_integer", "amount", "Invalid integer: amount is in satoshis, from 1 to 100000000.");
        parameters.Ignore("expand");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await payments.FindAsync(id, cancellationToken) is not { } file || !call.Owns(file))
            return StripeCall.Missing(id);
        var paid = await shopper.PayAsync(file, rail, amount is { } satoshis ? new Satoshis(satoshis) : null, cancellationToken);
        return paid.TryGet(out var after, out var refused) ? call.Intent(after) : StripeErrors.Of(refused);
    }

    /// <summary>Moves the clock of one intent: its offers, its quote and the intent itself end so much earlier.</summary>
    public async Task<StripeAnswer> AdvanceAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var seconds = call.Parameters.Integer("seconds");
        call.Parameters.Require("seconds", seconds is not null);
        if (seconds is < 1 or > SecondsMax)
            call.Parameters.Refuse("parameter_invalid_integer", "seconds", $"Invalid integer: seconds must be from 1 to {SecondsMax}.");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await payments.FindAsync(id, cancellationToken) is not { } file || !call.Owns(file))
            return StripeCall.Missing(id);
        var moved = await payments.AdvanceAsync(id, TimeSpan.FromSeconds(seconds!.Value), call.Answering(call.Intent), cancellationToken);
        return moved.TryGet(out var after, out var refused) ? call.Intent(after) : StripeErrors.Of(refused);
    }

    public async Task<StripeAnswer> ExpireAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var key = call.Request.Key;
        var expired = await refunds.ExpireAsync(key.StoreId, key.IsLive, id, call.Answering(file => StripeRefunds.Answer(new RefundView(file, file.FindRefund(id)!), call.Origin)), cancellationToken);
        return expired.TryGet(out var view, out var refused) ? StripeRefunds.Answer(view, call.Origin) : StripeErrors.Of(refused);
    }

    public async Task<StripeAnswer> MineAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var count = call.Parameters.Integer("count") ?? 1;
        if (count is < 1 or > ChainEndpoints.BlocksMinedMax)
            call.Parameters.Refuse("parameter_invalid_integer", "count", $"Invalid integer: count must be from 1 to {ChainEndpoints.BlocksMinedMax}.");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await wallet.MineAsync((int)count, cancellationToken) is { } refusal)
            return StripeErrors.Of(PaymentError.Unavailable("chain_unavailable", null, $"No blocks were mined: {refusal.Reason}"));
        var height = (await chain.GetTipAsync(cancellationToken)).TryGet(out var tip) ? tip.Height : 0;
        return StripeAnswer.Of(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "test_helpers.blocks");
            writer.WriteNumber("count", count);
            writer.WriteNumber("height", height);
            writer.WriteEndObject();
        });
    }

    /// <summary>Opens the demo wallet and a channel that carries an amount to the merchant.</summary>
    public async Task<StripeAnswer> OpenAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var amount = call.Parameters.Integer("amount") ?? 100_000;
        if (amount is < 1 or > Satoshis.PerBitcoin)
            call.Parameters.Refuse("parameter_invalid_integer", "amount", "Invalid integer: amount is in satoshis, from 1 to 100000000.");
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (await wallet.PrepareAsync(new Satoshis(amount).ToMilliSatoshis(), cancellationToken) is { } refusal)
            return StripeErrors.Of(PaymentError.Invalid("demo_wallet_failed", "amount", $"The demo wallet opens no channel: {refusal.Field} {refusal.Reason}."));
        return StripeAnswer.Of(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "test_helpers.channel");
            writer.WriteNumber("amount", amount);
            writer.WriteBoolean("usable", true);
            writer.WriteEndObject();
        });
    }

    /// <summary>Writes an invoice of the shopper, such as a refund is paid to.</summary>
    public async Task<StripeAnswer> RequestAsync(StripeCall call, CancellationToken cancellationToken)
    {
        var amount = call.Parameters.Integer("amount_msat");
        if (amount is < 1 or > Satoshis.PerBitcoin * 1000)
            call.Parameters.Refuse("parameter_invalid_integer", "amount_msat", "Invalid integer: amount_msat is from 1 to 100000000000; without it the payer decides.");
        var description = call.Parameters.Text("description", 200) ?? "";
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        var made = await wallet.RequestAsync(amount is { } asked ? new MilliSatoshis(asked) : null, description, cancellationToken);
        if (!made.TryGet(out var invoice, out var refusal))
            return StripeErrors.Of(PaymentError.Invalid("demo_wallet_failed", null, $"The demo wallet writes no invoice: {refusal.Field} {refusal.Reason}."));
        return Invoice(invoice.PaymentHash.ToString(), invoice.Text, "open", invoice.Amount?.Value);
    }

    /// <summary>How an invoice of the shopper stands.</summary>
    public async Task<StripeAnswer> FindInvoiceAsync(string hash, StripeCall call, CancellationToken cancellationToken)
    {
        if (call.Parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        return await wallet.FindAsync(hash, isOutgoing: false, cancellationToken) is { } payment
            ? Invoice(hash, null, payment.State, payment.Amount.Value)
            : StripeErrors.Of(PaymentError.Missing("invoice", hash));
    }

    private static StripeAnswer Invoice(string hash, string? text, string state, long? amount) => StripeAnswer.Of(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("object", "test_helpers.invoice");
        writer.WriteString("id", hash);
        if (text is not null)
            writer.WriteString("invoice", text);
        writer.WriteString("status", state);
        if (amount is { } known)
            writer.WriteString("amount_msat", known.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    });
}
