using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Transactions;
using Tributary.Payments.Errors;
using Tributary.Payments.Rails.Transfers;
using Tributary.Payments.Reconciliation;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Bitcoin.Signing;

/// <summary>Shows what waits for a signature, and takes back what was signed.</summary>
public sealed class SigningDesk(WatchedPayer payer, IChainSource chain, IDatabase database, TimeProvider time, WorkSignal? signal = null)
{
    /// <summary>The longest text that is read.</summary>
    public const int TextMax = 400_000;

    /// <summary>What waits for a signature, the oldest first.</summary>
    public async Task<List<SigningView>> ListAsync(int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => SigningOrders.ListAsync(transaction, limit, token), cancellationToken);

    /// <summary>Takes a signed transaction: the one that was asked for and no other, whole, and such that the network takes it. The rail sends it.</summary>
    /// <param name="transferId">See <see cref="SigningOrder.TransferId"/>.</param>
    /// <param name="text">A PSBT in base64 or hex, or the finished transaction in hex.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The transaction's name.</returns>
    public async Task<Result<TxId, PaymentError>> SubmitAsync(string transferId, string text, CancellationToken cancellationToken)
    {
        var (order, stored, stop) = await database.ReadAsync(
            async (transaction, token) => (
                await SigningOrders.FindAsync(transaction, transferId, token),
                await TransferStore.FindAsync(transaction, transferId, token),
                await OutgoingSwitch.ReadAsync(transaction, token)),
            cancellationToken);
        if (order is null || stored is null)
            return PaymentError.Missing("psbt", transferId);
        if (!Read(order, text).TryGet(out var signed, out var wrong))
            return wrong;
        if (order.Signed is { } known)
        {
            return Transaction.Parse(known).Value.TxId == signed.TxId
                ? signed.TxId
                : PaymentError.UnexpectedState("psbt_signed", "This transaction was signed already.");
        }

        if (stored.State != TransferState.Sending)
            return PaymentError.UnexpectedState("psbt_over", "This transaction is not needed any more.");
        if (stop is not null)
            return PaymentError.UnexpectedState("outgoing_stopped", $"Outgoing money is stopped: {stop.Reason}");
        if (!(await chain.TestAcceptAsync(signed, cancellationToken)).TryGet(out var verdict, out var error))
            return PaymentError.Unavailable("chain_unavailable", "psbt", error.Reason);
        if (!verdict.IsAccepted)
            return Wrong("psbt_refused", $"The network does not take it ({verdict.RejectReason}): signatures have to be right, the fee high enough, and the coins unspent.");
        await payer.KeepAsync(order, stored, signed, cancellationToken);
        await database.WriteAsync((transaction, token) => SigningOrders.HurryAsync(transaction, transferId, time.GetUtcNow(), token), cancellationToken);
        signal?.Pulse();
        return signed.TxId;
    }

    // BIP 174's combiner, finaliser and extractor; who sends a finished transaction has done that elsewhere.
    private static Result<Transaction, PaymentError> Read(SigningOrder order, string text)
    {
        var plain = string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));
        if (plain.Length is 0 or > TextMax)
            return Wrong("psbt_invalid", $"A signed PSBT is expected, of at most {TextMax} characters.");
        var asked = PartiallySignedTransaction.ParseBase64(order.Psbt).Value;
        if (plain.All(char.IsAsciiHexDigit) && !plain.StartsWith("70736274ff", StringComparison.OrdinalIgnoreCase))
        {
            return !Transaction.Parse(plain.AsSpan()).TryGet(out var finished, out var refusal) ? Wrong("psbt_invalid", $"This is no transaction: {refusal.Field} {refusal.Reason}.")
                : WatchedPayer.IsSamePayment(finished, asked.UnsignedTransaction) ? finished
                : Wrong("psbt_differs", "This is another transaction than the one that was to be signed.");
        }

        if (!Parse(plain).TryGet(out var given, out var unreadable))
            return Wrong("psbt_invalid", $"This is no PSBT: {unreadable.Field} {unreadable.Reason}.");
        if (!given.UnsignedTransaction.Equals(asked.UnsignedTransaction))
            return Wrong("psbt_differs", "This is another transaction than the one that was to be signed.");
        if (!PsbtCombiner.Combine([given, asked]).TryGet(out var combined, out unreadable))
            return Wrong("psbt_invalid", $"{unreadable.Field} {unreadable.Reason}.");
        var final = PsbtFinalizer.Complete(combined);
        if (!final.IsComplete)
            return Wrong("psbt_incomplete", $"It is not signed in full: {final.Problems[0].Field} {final.Problems[0].Reason}.");
        return PsbtFinalizer.Extract(final.Psbt).TryGet(out var signed, out unreadable)
            ? signed
            : Wrong("psbt_incomplete", $"{unreadable.Field} {unreadable.Reason}.");
    }

    private static Result<PartiallySignedTransaction, Refusal> Parse(string plain)
    {
        if (!plain.All(char.IsAsciiHexDigit))
            return PartiallySignedTransaction.ParseBase64(plain);
        var bytes = new byte[plain.Length / 2];
        return Hex.TryDecode(plain, bytes) ? PartiallySignedTransaction.Parse(bytes) : new Refusal("psbt", "is no hex");
    }

    private static PaymentError Wrong(string code, string message) => PaymentError.Invalid(code, "psbt", message);
}
