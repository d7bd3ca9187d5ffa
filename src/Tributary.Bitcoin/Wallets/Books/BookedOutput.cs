using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Wallets.Books;

/// <summary>An output that pays the wallet.</summary>
/// <param name="OutPoint">Which.</param>
/// <param name="Output">Amount and script.</param>
/// <param name="IsChange">Its script is one for change.</param>
/// <param name="Label">The note on its address, or null.</param>
public sealed record BookedOutput(OutPoint OutPoint, TxOut Output, bool IsChange, string? Label);
