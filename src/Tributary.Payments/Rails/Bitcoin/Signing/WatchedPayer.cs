using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Psbt;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails.Transfers;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Bitcoin.Signing;

/// <summary>
/// Money out on chain where shoppers pay a wallet whose keys are elsewhere: a refund is one transaction of that wallet, stored unsigned before anybody
/// sees it and sent when it comes back signed. Nothing else is made for the refund meanwhile, so two signatures never pay it twice. What that wallet
/// has too few coins for, and payouts, the server's own wallet pays.
/// </summary>
public sealed class WatchedPayer(OnChainPayer own, Opening<Wallet> ownWallet, Opening<Wallet> watched, IDatabase database, TimeProvider time) : IOutgoingRail
{
    // A coin that another transaction has spent so deep is gone for good.
    private const int GoneConfirmations = 6;
    private const long MillisatPerSatoshi = 1000;

    public RailKind Kind => RailKind.OnChain;

    public Result<OutgoingDestination, PaymentError> Read(string? destination, long amount) => own.Read(destination, amount);

    public async ValueTask<OutgoingReport> SendAsync(OutgoingTransfer transfer, CancellationToken cancellationToken)
    {
        var (order, stored, isRefund) = await database.ReadAsync(
            async (transaction, token) => (
                await SigningOrders.FindAsync(transaction, transfer.Id, token),
                await TransferStore.FindAsync(transaction, transfer.Id, token),
                await SigningOrders.IsRefundAsync(transaction, transfer.Id, token)),
            cancellationToken);
        if (order is not null)
            return await GoOnAsync(order, stored ?? throw new InvalidOperationException($"A transaction for {transfer.Id}, of which the rail has not heard."), cancellationToken);
        if (!isRefund || stored is { State: not TransferState.Sending } or { Content: not null } || !own.Read(transfer.Destination, transfer.Amount).TryGet(out var destination, out _))
            return await own.SendAsync(transfer, cancellationToken);

        // What the server's own wallet has begun it ends, and only when it is open it can say so.
        if (ownWallet.Current is not { } hot || watched.Current is not { } current)
            return new OutgoingReport.Pending(null);
        var label = OnChainPayer.LabelPrefix + transfer.Id;
        if (hot.Transactions.Any(one => string.Equals(one.Label, label, StringComparison.Ordinal)))
            return await own.SendAsync(transfer, cancellationToken);
        var fresh = new StoredTransfer(transfer.Id, RailKind.OnChain, null, TransferState.Sending, transfer.Amount, 0, time.GetUtcNow());
        stored ??= await TransferStore.BeginAsync(database, fresh, cancellationToken);
        return stored switch
        {
            null => new OutgoingReport.Pending(null),
            { State: TransferState.Sending } => await PrepareAsync(current, transfer, destination, label, cancellationToken),
            _ => stored.Report,
        };
    }

    /// <summary>Is one transaction the other one, signed? Scripts of inputs and witnesses are what a signer adds.</summary>
    internal static bool IsSamePayment(Transaction signed, Transaction unsigned) =>
        signed.Version == unsigned.Version
        && signed.LockTime == unsigned.LockTime
        && signed.Inputs.Select(static input => (input.PreviousOutput, input.Sequence)).SequenceEqual(unsigned.Inputs.Select(static input => (input.PreviousOutput, input.Sequence)))
        && signed.Outputs.SequenceEqual(unsigned.Outputs);

    private async ValueTask<OutgoingReport> PrepareAsync(Wallet current, OutgoingTransfer transfer, OutgoingDestination destination, string label, CancellationToken cancellationToken)
    {
        // A run that died before it stored the transaction has left its coins set aside.
        foreach (var lease in current.Leases.Where(lease => string.Equals(lease.Purpose, label, StringComparison.Ordinal)).ToArray())
            await current.ReleaseAsync(lease.Id, cancellationToken);
        var address = Address.Parse(destination.Destination, current.Network).Value;
        var request = new SendRequest { Outputs = [SendOutput.To(address, new Satoshis(transfer.Amount / MillisatPerSatoshi))], Label = label, SpendsUnconfirmed = false };
        if (!(await current.BuildAsync(request, cancellationToken)).TryGet(out var draft, out var refusal))
        {
            return refusal.Field is "chain" or "feerate" ? new OutgoingReport.Pending(null) : await own.SendAsync(transfer, cancellationToken);
        }

        if (draft.Fee.ToMilliSatoshis().Value > transfer.FeeMax)
        {
            await current.ReleaseAsync(draft.LeaseId, cancellationToken);
            return await own.SendAsync(transfer, cancellationToken);
        }

        var order = new SigningOrder(transfer.Id, draft.Psbt.ToBase64(), draft.LeaseId, draft.Fee.ToMilliSatoshis().Value, time.GetUtcNow());
        await WriteAsync(order, null, cancellationToken);
        return Waits;
    }

    private async ValueTask<OutgoingReport> GoOnAsync(SigningOrder order, StoredTransfer stored, CancellationToken cancellationToken)
    {
        if (stored.State != TransferState.Sending)
            return stored.Report;
        if (watched.Current is not { } current)
            return order.Signed is null ? Waits : stored.Report;
        var unsigned = PartiallySignedTransaction.ParseBase64(order.Psbt).Value.UnsignedTransaction;
        if (order.Signed is null)
        {
            // Signers can broadcast too.
            if (current.Transactions.FirstOrDefault(one => one.Confirmations > 0 && IsSamePayment(one.Transaction, unsigned)) is not { } found)
                return await IsGoneAsync(current, unsigned, order, stored, cancellationToken) ?? Waits;
            (order, stored) = await KeepAsync(order, stored, found.Transaction, cancellationToken);
        }

        return await BroadcastAsync(current, order, stored, unsigned, cancellationToken);
    }

    private static OutgoingReport.Pending Waits => new(null) { AwaitsSignature = true };

    /// <summary>Stores what came back signed; the rail's next turn sends it.</summary>
    internal async Task<(SigningOrder Order, StoredTransfer Stored)> KeepAsync(SigningOrder order, StoredTransfer stored, Transaction signed, CancellationToken cancellationToken)
    {
        order = order with { Signed = signed.Memory.ToArray(), IsOpen = false };
        stored = stored with { Content = order.Signed, Reference = signed.TxId.ToString(), Fee = order.Fee };
        await WriteAsync(order, stored, cancellationToken);
        return (order, stored);
    }

    private async ValueTask<OutgoingReport> BroadcastAsync(Wallet current, SigningOrder order, StoredTransfer stored, Transaction unsigned, CancellationToken cancellationToken)
    {
        var signed = Transaction.Parse(order.Signed!).Value;
        await current.SetLabelAsync(signed.TxId, OnChainPayer.LabelPrefix + order.TransferId, cancellationToken);
        if (current.FindTransaction(signed.TxId) is not { State: not WalletTransactionState.Abandoned })
        {
            var lease = current.Leases.Any(lease => string.Equals(lease.Id, order.LeaseId, StringComparison.Ordinal)) ? order.LeaseId : null;

            // It was signed, so it may be out: only when its coins are gone for good it will never be paid.
            if (!(await current.CommitAsync(signed, lease, cancellationToken)).IsOk)
                return await IsGoneAsync(current, unsigned, order, stored, cancellationToken) ?? stored.Report;
        }

        return await TransferStore.EndAsync(database, stored with { State = TransferState.Sent }, cancellationToken);
    }

    private async ValueTask<OutgoingReport?> IsGoneAsync(Wallet current, Transaction unsigned, SigningOrder order, StoredTransfer stored, CancellationToken cancellationToken)
    {
        var coins = unsigned.Inputs.Select(static input => input.PreviousOutput).ToHashSet();
        if (!current.Transactions.Any(one => one.Confirmations >= GoneConfirmations && !IsSamePayment(one.Transaction, unsigned) && one.Transaction.Inputs.Any(input => coins.Contains(input.PreviousOutput))))
            return null;
        stored = stored with { State = TransferState.Failed, Code = "coins_spent", Message = "The coins that were to be signed for have been spent by another transaction." };
        await WriteAsync(order with { IsOpen = false }, stored, cancellationToken);
        return stored.Report;
    }

    private async Task WriteAsync(SigningOrder order, StoredTransfer? stored, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            await SigningOrders.WriteAsync(transaction, order, token);
            if (stored is not null)
                await TransferStore.WriteAsync(transaction, stored, token);
            return true;
        },
        cancellationToken);
}
