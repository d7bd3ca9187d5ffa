using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Uris;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Bitcoin;

/// <summary>
/// Money out on chain: a transfer is one transaction, signed and stored before the network hears of it, and offered again as it is. The wallet's
/// own note on the transaction finds it where the database is an older copy.
/// </summary>
public sealed class OnChainPayer(Opening<Wallet> wallet, IDatabase database, BitcoinNetwork network, OnChainRailOptions options, TimeProvider time) : IOutgoingRail
{
    /// <summary>Begins the note on a transfer's transaction and coins.</summary>
    public const string LabelPrefix = "transfer ";

    private const long MillisatPerSatoshi = 1000;

    public RailKind Kind => RailKind.OnChain;

    public Result<OutgoingDestination, PaymentError> Read(string? destination, long amount)
    {
        var text = destination?.Trim() ?? "";
        if (text.StartsWith("bitcoin:", StringComparison.OrdinalIgnoreCase))
        {
            if (!BitcoinUri.Parse(text, network).TryGet(out var uri, out var unreadable))
                return PaymentError.Invalid("destination_invalid", "destination", $"This is no bitcoin link: {unreadable.Field} {unreadable.Reason}.");
            if (uri.Address is null)
                return PaymentError.Invalid("destination_invalid", "destination", "This bitcoin link names no address.");
            text = uri.Address.ToString();
        }

        if (!Address.Parse(text, network).TryGet(out var address, out var refusal))
            return PaymentError.Invalid("destination_invalid", "destination", $"This is no address of {network}: {refusal.Reason}.");
        if (amount % MillisatPerSatoshi != 0)
            return PaymentError.Invalid("amount_not_whole", "amount", "On chain whole satoshis are sent.");
        if (amount < options.AmountMin.ToMilliSatoshis().Value)
            return PaymentError.Invalid("amount_too_small", "amount", $"On chain at least {options.AmountMin.Value} sat can be sent.");
        return new OutgoingDestination(address.ToString(), null, null, options.FeeMax.ToMilliSatoshis().Value);
    }

    public async ValueTask<OutgoingReport> SendAsync(OutgoingTransfer transfer, CancellationToken cancellationToken)
    {
        if (!Read(transfer.Destination, transfer.Amount).TryGet(out var destination, out var wrong))
            return new OutgoingReport.Failed(wrong.Code, wrong.Message);
        var fresh = new StoredTransfer(transfer.Id, RailKind.OnChain, null, TransferState.Sending, transfer.Amount, 0, time.GetUtcNow());
        if (await TransferStore.BeginAsync(database, fresh, cancellationToken) is not { } stored)
            return new OutgoingReport.Pending(null);
        if (stored.State != TransferState.Sending || wallet.Current is not { } current)
            return stored.Report;
        if (stored.Content is null)
        {
            var signed = await SignAsync(current, transfer, destination, stored, cancellationToken);
            if (!signed.TryGet(out stored, out var report))
                return report;
        }

        return await BroadcastAsync(current, stored, cancellationToken);
    }

    private static string LabelOf(string transferId) => LabelPrefix + transferId;

    private async ValueTask<Result<StoredTransfer, OutgoingReport>> SignAsync(
        Wallet current, OutgoingTransfer transfer, OutgoingDestination destination, StoredTransfer stored, CancellationToken cancellationToken)
    {
        var label = LabelOf(transfer.Id);
        if (current.Transactions.LastOrDefault(one => string.Equals(one.Label, label, StringComparison.Ordinal) && one.State != WalletTransactionState.Abandoned) is { } made)
            return await KeepAsync(stored, made.Transaction, made.Fee ?? Satoshis.Zero, cancellationToken);

        // A run that died before it stored the transaction has left its coins set aside.
        await ReleaseAsync(current, label, cancellationToken);
        var address = Address.Parse(destination.Destination, network).Value;
        var request = new SendRequest { Outputs = [SendOutput.To(address, new Satoshis(transfer.Amount / MillisatPerSatoshi))], Label = label };
        if (!(await current.BuildAsync(request, cancellationToken)).TryGet(out var draft, out var refusal))
            return await RefuseAsync(stored, refusal, cancellationToken);
        if (draft.Transaction is null)
        {
            await current.ReleaseAsync(draft.LeaseId, cancellationToken);
            return await FailAsync(stored, "wallet_locked", "The wallet cannot sign: unlock it, or give it its seed.", cancellationToken);
        }

        if (draft.Fee.ToMilliSatoshis().Value > transfer.FeeMax)
        {
            await current.ReleaseAsync(draft.LeaseId, cancellationToken);
            return await FailAsync(stored, "fee_too_high", $"The transaction would cost {draft.Fee.Value} sat, more than the {transfer.FeeMax / MillisatPerSatoshi} sat that are allowed.", cancellationToken);
        }

        return await KeepAsync(stored, draft.Transaction, draft.Fee, cancellationToken);
    }

    private async ValueTask<StoredTransfer> KeepAsync(StoredTransfer stored, Transaction transaction, Satoshis fee, CancellationToken cancellationToken)
    {
        stored = stored with { Content = transaction.Memory.ToArray(), Reference = transaction.TxId.ToString(), Fee = fee.ToMilliSatoshis().Value };
        await TransferStore.EndAsync(database, stored, cancellationToken);
        return stored;
    }

    private async ValueTask<OutgoingReport> BroadcastAsync(Wallet current, StoredTransfer stored, CancellationToken cancellationToken)
    {
        var transaction = Transaction.Parse(stored.Content!).Value;
        var label = LabelOf(stored.Id);
        if (current.FindTransaction(transaction.TxId) is not { State: not WalletTransactionState.Abandoned })
        {
            await current.SetLabelAsync(transaction.TxId, label, cancellationToken);
            var lease = current.Leases.FirstOrDefault(lease => string.Equals(lease.Purpose, label, StringComparison.Ordinal))?.Id;
            var committed = await current.CommitAsync(transaction, lease, cancellationToken);
            if (!committed.TryGet(out _, out var refusal))
            {
                if (refusal.Field is "chain")
                    return stored.Report;

                // The wallet stores a transaction before anybody sees it: one that it does not have was never given away.
                await ReleaseAsync(current, label, cancellationToken);
                return await FailAsync(stored, "transaction_refused", $"The network does not take the transaction: {refusal.Reason}.", cancellationToken);
            }
        }

        // The wallet offers it to the network until it is in a block, and nobody else can spend its coins.
        return await TransferStore.EndAsync(database, stored with { State = TransferState.Sent }, cancellationToken);
    }

    private static async Task ReleaseAsync(Wallet current, string label, CancellationToken cancellationToken)
    {
        foreach (var lease in current.Leases.Where(lease => string.Equals(lease.Purpose, label, StringComparison.Ordinal)).ToArray())
            await current.ReleaseAsync(lease.Id, cancellationToken);
    }

    // What passes by itself is waited for.
    private async ValueTask<OutgoingReport> RefuseAsync(StoredTransfer stored, Refusal refusal, CancellationToken cancellationToken) => refusal.Field switch
    {
        "chain" or "feerate" => stored.Report,
        "amount" or "fee" => await FailAsync(stored, "insufficient_funds", $"The wallet cannot pay this: {refusal.Field} {refusal.Reason}.", cancellationToken),
        _ => await FailAsync(stored, "destination_refused", $"The wallet does not pay this: {refusal.Field} {refusal.Reason}.", cancellationToken),
    };

    private ValueTask<OutgoingReport> FailAsync(StoredTransfer stored, string code, string message, CancellationToken cancellationToken) =>
        TransferStore.EndAsync(database, stored with { State = TransferState.Failed, Code = code, Message = message }, cancellationToken);
}
