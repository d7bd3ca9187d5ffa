using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Wallets.State;

/// <summary>An output that pays the wallet.</summary>
internal sealed record OutputEntry(OutPoint OutPoint, TxOut Output, ScriptPlace Place, TransactionEntry Parent);
