using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Assets;
using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Withdrawals;

/// <summary>A withdrawal and what has become of it, as Bitcoin's blocks and proofs tell anybody.</summary>
/// <param name="What">Number, payer, amount and script.</param>
/// <param name="Batch">The batch that it stands in.</param>
/// <param name="AnchoredAt">The height of that batch's anchor.</param>
/// <param name="State">What has become of it.</param>
/// <param name="PaidBy">The payout; null where it is not paid.</param>
/// <param name="PaidAt">The height of the payout's block; 0 where it is not paid.</param>
public sealed record OwedWithdrawal(Withdrawn What, ulong Batch, int AnchoredAt, WithdrawalState State, TxId? PaidBy, int PaidAt)
{
    /// <summary>The amount in satoshis: of bitcoin there are never more than fit.</summary>
    public Satoshis Amount => new((long)What.Amount.Units);
}
