using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Transfers;

/// <summary>Payments from one account to others.</summary>
public sealed class TransfersModule : IFinanceModule
{
    public string Name => "transfers";

    public IReadOnlyList<LeafType> Leaves { get; } = [];

    public IReadOnlyList<OperationHandler> Operations { get; } =
    [
        new OperationHandler<Transfer>(OperationCode.Transfer, AuthorisationRule.Account, ReadOne, ApplyOne),
        new OperationHandler<TransferMany>(OperationCode.TransferMany, AuthorisationRule.Account, ReadMany, ApplyMany),
    ];

    private static Refusal? ApplyOne(Execution run, Transfer operation) => Move(run, operation.Asset, operation.To, operation.Amount);

    private static Refusal? ApplyMany(Execution run, TransferMany operation)
    {
        if (operation.Payments.Count is 0 or > TransferMany.MaxPayments)
            return new Refusal("payments", $"from 1 to {TransferMany.MaxPayments}");
        for (var i = 0; i < operation.Payments.Count; i++)
        {
            var payment = operation.Payments[i];
            if (i > 0 && payment.To <= operation.Payments[i - 1].To)
                return new Refusal($"payments[{i}].to", "recipients ascend");
            if (Move(run, operation.Asset, payment.To, payment.Amount) is { } refusal)
                return new Refusal($"payments[{i}].{refusal.Field}", refusal.Reason);
        }

        return null;
    }

    private static Refusal? Move(Execution run, AssetId asset, AccountId to, Amount amount)
    {
        var from = run.Caller!.Value;
        if (amount.IsZero)
            return new Refusal("amount", "zero");
        if (to == from)
            return new Refusal("to", "the account that pays");
        if (!run.IsRegistered(to))
            return new Refusal("to", $"{to} is not registered");
        if (run.Debit(from, asset, amount) is { } refusal)
            return refusal;
        run.Credit(to, asset, amount);
        run.Emit(new Transferred(asset, from, to, amount));
        return null;
    }

    private static Transfer? ReadOne(ref SpanReader reader) =>
        reader.TryReadAsset(out var asset) && reader.TryReadAccount(out var to) && reader.TryReadAmount(out var amount)
            ? new Transfer(asset, to, amount)
            : null;

    private static TransferMany? ReadMany(ref SpanReader reader)
    {
        if (!reader.TryReadAsset(out var asset) || !reader.TryReadCount(Payment.Length, out var count) || count is 0 or > TransferMany.MaxPayments)
            return null;
        var payments = new Payment[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadAccount(out var to) || !reader.TryReadAmount(out var amount) || (i > 0 && to <= payments[i - 1].To))
                return null;
            payments[i] = new Payment(to, amount);
        }

        return new TransferMany(asset, payments);
    }
}
