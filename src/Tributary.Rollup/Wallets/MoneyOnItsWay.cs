namespace Tributary.Rollup.Wallets;

/// <summary>Money of a wallet that goes into or out of the rollup, or an operation that it posted, as Bitcoin's blocks and proofs have it.</summary>
/// <param name="Kind">"deposit", "withdrawal" or "post".</param>
/// <param name="State">
/// Deposit: "waiting", "confirmed", "credited", "proven" or "lost". Withdrawal: "unproven", "due", "paid" or "unpayable". Post: "waiting", "queued",
/// "overdue", "done", "proven" or "refused".
/// </param>
/// <param name="Words">The same in a sentence.</param>
/// <param name="AmountSat">Satoshis; null for a post.</param>
/// <param name="Account">The account's number; null for a post that no account signed.</param>
/// <param name="Txid">The transaction that shows it; null where there is none yet.</param>
/// <param name="Height">The height of that transaction's block.</param>
/// <param name="Batch">The batch that took it.</param>
/// <param name="Operation">What a post does, or the operation of a withdrawal, as the wallet's book names it.</param>
public sealed record MoneyOnItsWay(string Kind, string State, string Words, long? AmountSat, uint? Account, string? Txid, int? Height, ulong? Batch, string? Operation)
{
    /// <summary>Nothing more becomes of it.</summary>
    public bool IsOver => (Kind, State) is ("deposit", "proven" or "lost") or ("withdrawal", "paid" or "unpayable") or ("post", "proven" or "refused");
}
