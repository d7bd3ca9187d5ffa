using Tributary.Bitcoin.Chain;
using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Primitives.Amounts;
using Tributary.Server.Chain;
using Tributary.Server.Stripe;

namespace Tributary.Server.Demo;

/// <summary>What the test helpers' routes do.</summary>
internal sealed class TestHelperHandlers(Shopper shopper, IDemoWallet wallet, PaymentService payments, IChainSource chain)
{
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
        return paid.TryGet(out var after, out var refused) ? StripeIntents.Answer(after) : StripeErrors.Of(refused);
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
}
