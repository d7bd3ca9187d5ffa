using Tributary.Finance.Assets;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Batches;

/// <summary>
/// The deposits that a batch has to take, in the order of the chain. One that names no registered account is passed over, when a later one is
/// taken or the batch ends: the vault owes it to whoever paid, outside the rollup, and it holds nothing up.
/// </summary>
internal sealed class DepositQueue(IReadOnlyList<SeenDeposit> deposits, Func<AccountId, bool> isRegistered)
{
    private int _next;

    /// <summary>Deposits that were passed over.</summary>
    internal List<SeenDeposit> PassedOver { get; } = [];

    /// <summary>Takes the next deposit for an operation of a body; the reason where it is not that one.</summary>
    internal Refusal? Take(Deposit operation, uint height)
    {
        PassUnregistered();
        if (_next == deposits.Count)
            return new Refusal("deposit", $"{operation.Number} was not paid up to the batch's height");
        var due = deposits[_next];
        if (due.Height > height)
            return new Refusal("deposit", $"was paid at height {due.Height}, after its segment's {height}");
        if (operation.Asset != AssetId.Bitcoin || operation.To != due.To || operation.Amount != (Amount)(ulong)due.Amount.Value)
            return new Refusal("deposit", $"is not the {due.Amount} for {due.To} that is next");
        _next++;
        return null;
    }

    /// <summary>The reason where something that had to be taken was not.</summary>
    internal Refusal? End()
    {
        PassUnregistered();
        return _next == deposits.Count ? null : new Refusal("deposit", $"of {deposits[_next].Amount} for {deposits[_next].To} is left out");
    }

    private void PassUnregistered()
    {
        for (; _next < deposits.Count && !isRegistered(deposits[_next].To); _next++)
            PassedOver.Add(deposits[_next]);
    }
}
