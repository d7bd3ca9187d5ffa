using System.Globalization;
using Tributary.Bitcoin.Addresses;
using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Demo;

/// <summary>Pays intents as a shopper with the demo wallet would: for tests of a shop, and for the demo shop's pay button.</summary>
internal sealed class Shopper(IDemoWallet wallet, PaymentService payments, ServerOptions options, TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    // What the demo wallet pays where it may choose.
    private static readonly Satoshis s_topUp = new(25_000);

    /// <summary>Pays the latest open attempt of an intent, and returns when the server has seen the money.</summary>
    /// <param name="file">The intent.</param>
    /// <param name="rail">Which attempt, where several rails have one; null for the latest.</param>
    /// <param name="amount">Another amount than what is asked for; on chain, since an invoice is paid whole, and of a top-up, which asks for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<PaymentFile, PaymentError>> PayAsync(PaymentFile file, RailKind? rail, Satoshis? amount, CancellationToken cancellationToken)
    {
        var attempt = file.Attempts.LastOrDefault(one => one is { Status: AttemptStatus.Open, Instruction: not null } && (rail is null || one.Rail == rail));

        // An address can be paid for ever, and who asks for that rail by name may: it is how late money comes about.
        if (attempt is null && rail == RailKind.OnChain)
            attempt = file.Attempts.LastOrDefault(static one => one is { Rail: RailKind.OnChain, Instruction: not null });
        if (attempt is null)
        {
            return PaymentError.UnexpectedState(
                "payment_intent_unexpected_state",
                $"This payment intent has nothing to pay{(rail is { } asked ? $" by {asked}" : "")}: confirm it first, with payment_method_data[type] lightning or bitcoin.");
        }

        var known = file.Receipts.Length;
        var paying = attempt.Rail == RailKind.Lightning ? PayInvoiceAsync(attempt, amount, cancellationToken) : PayAddressAsync(attempt, amount, cancellationToken);
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < s_patience)
        {
            if (paying.IsCompleted && await paying is { } refused)
                return refused;
            var now = await payments.FindAsync(file.Intent.Id, cancellationToken) ?? throw new InvalidOperationException($"{file.Intent.Id} is gone.");

            // A payment that is taken at once is held for a moment first.
            if (now.Receipts.Length > known && (now.Receipts[^1].Status != ReceiptStatus.Held || now.Intent.CaptureMethod == CaptureMethod.Manual))
                return now;
            await Task.Delay(s_pause, clock, cancellationToken);
        }

        return PaymentError.Unavailable("demo_payment_slow", null, "The demo wallet is paying, and the server has not seen it yet: look at the payment intent again in a moment.");
    }

    private async Task<PaymentError?> PayInvoiceAsync(PaymentAttempt attempt, Satoshis? amount, CancellationToken cancellationToken)
    {
        var isAny = attempt.Due == 0;
        if (!isAny && amount is { } part && part.ToMilliSatoshis().Value != attempt.Due)
            return PaymentError.Invalid("parameter_invalid", "amount", "A Lightning invoice is paid whole: leave the amount out, or pay on chain.");
        var paid = await wallet.PayInvoiceAsync(attempt.Instruction!, isAny ? (amount ?? s_topUp).ToMilliSatoshis() : null, s_patience, cancellationToken);
        return paid.TryGet(out _, out var refusal) ? null : Refused(refusal);
    }

    private async Task<PaymentError?> PayAddressAsync(PaymentAttempt attempt, Satoshis? amount, CancellationToken cancellationToken)
    {
        if (!Address.Parse(attempt.Reference, options.Network).TryGet(out var address, out var refusal))
            return Refused(refusal);
        var due = amount ?? (attempt.Due == 0 ? s_topUp : new MilliSatoshis(attempt.Due).CeilingToSatoshis());
        return (await wallet.PayAddressAsync(address, due, cancellationToken)).TryGet(out _, out refusal) ? null : Refused(refusal);
    }

    private static PaymentError Refused(Refusal refusal) =>
        PaymentError.Invalid("demo_payment_failed", null, string.Create(CultureInfo.InvariantCulture, $"The demo wallet does not pay: {refusal.Field} {refusal.Reason}."));
}
