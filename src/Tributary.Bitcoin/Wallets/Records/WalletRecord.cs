using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Records;

/// <summary>
/// What happened to a wallet, as its store keeps it. The state is nothing but these applied in order, so that a wallet that was killed
/// at any moment is what its records say.
/// </summary>
internal abstract record WalletRecord
{
    private WalletRecord()
    {
    }

    /// <summary>The first record of every wallet.</summary>
    /// <param name="Network">Its network's name.</param>
    /// <param name="CreatedAt">Seconds since 1970.</param>
    /// <param name="Birthday">No earlier block pays it; null for the genesis block.</param>
    /// <param name="GapLimit">Addresses watched beyond the last one that was handed out or used.</param>
    internal sealed record Created(string Network, long CreatedAt, ChainTip? Birthday, int GapLimit) : WalletRecord;

    /// <summary>The seed, sealed by a passphrase or, where the user said so, not.</summary>
    internal sealed record SeedStored(bool IsSealed, ReadOnlyMemory<byte> Content) : WalletRecord;

    /// <summary>Descriptors to watch.</summary>
    /// <param name="Id">Counted from 0.</param>
    /// <param name="Kind">What addresses it has.</param>
    /// <param name="HasKeys">True where the seed signs for it.</param>
    /// <param name="Receive">Its descriptor for addresses to hand out.</param>
    /// <param name="Change">Its descriptor for change; null where change goes to the first.</param>
    internal sealed record AccountAdded(int Id, WalletAccountKind Kind, bool HasKeys, string Receive, string? Change) : WalletRecord;

    /// <summary>An address is about to be handed out.</summary>
    internal sealed record AddressIssued(ScriptPlace Place) : WalletRecord;

    /// <summary>A transaction that pays the wallet or spends from it.</summary>
    /// <param name="Transaction">Whole, with its witnesses.</param>
    /// <param name="SeenAt">Seconds since 1970.</param>
    /// <param name="IsOwn">Made by this wallet, which broadcasts it until it is in a block.</param>
    /// <param name="Fee">Where it is known.</param>
    /// <param name="Replaces">The transaction that it was made to replace.</param>
    internal sealed record TransactionAdded(Transaction Transaction, long SeenAt, bool IsOwn, Satoshis? Fee, TxId? Replaces) : WalletRecord;

    /// <summary>It is in a block.</summary>
    internal sealed record TransactionConfirmed(TxId TxId, ChainTip Block, int Position) : WalletRecord;

    /// <summary>A block holds another transaction that spends what this one spends.</summary>
    internal sealed record TransactionConflicted(TxId TxId, TxId By, ChainTip Block) : WalletRecord;

    /// <summary>The user gave it up, or no node takes it.</summary>
    internal sealed record TransactionAbandoned(TxId TxId) : WalletRecord;

    /// <summary>The chain up to here has been looked through.</summary>
    internal sealed record TipAdvanced(ChainTip Tip) : WalletRecord;

    /// <summary>A block was taken back; the chain ends in this one now.</summary>
    internal sealed record TipRetreated(ChainTip Tip) : WalletRecord;

    /// <summary>All blocks from the birthday on have been looked through for a branch's scripts below this number.</summary>
    internal sealed record CoverageReached(int Account, bool IsChange, int Count) : WalletRecord;

    /// <summary>Coins are set aside.</summary>
    /// <param name="Id">Who releases them names it.</param>
    /// <param name="OutPoints">The coins.</param>
    /// <param name="ExpiresAt">Seconds since 1970; null for until released.</param>
    /// <param name="Purpose">For people.</param>
    internal sealed record LeaseTaken(string Id, IReadOnlyList<OutPoint> OutPoints, long? ExpiresAt, string Purpose) : WalletRecord;

    /// <summary>They may be spent again.</summary>
    internal sealed record LeaseReleased(string Id) : WalletRecord;

    /// <summary>A note of the user's; empty text takes it away.</summary>
    /// <param name="Subject">"tx:" and an id, or "addr:" and an address.</param>
    /// <param name="Text">The note.</param>
    internal sealed record LabelSet(string Subject, string Text) : WalletRecord;
}
