using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Anchoring;

/// <summary>What a block holds for a rollup, in the block's order.</summary>
public abstract record AnchorSeen(int Height)
{
    /// <summary>The rollup begins.</summary>
    public sealed record Began(int Height, RollupGenesis Genesis, Bytes32 Rollup, OutPoint Anchor) : AnchorSeen(Height);

    /// <summary>The anchor was spent by a batch, read and not judged yet: see <see cref="BatchRules"/>.</summary>
    /// <param name="Height">The block's height.</param>
    /// <param name="Transaction">The transaction.</param>
    /// <param name="Header">What the batch says of itself.</param>
    /// <param name="Body">Its body as posted.</param>
    public sealed record Batch(int Height, TxId Transaction, BatchHeader Header, ReadOnlyMemory<byte> Body) : AnchorSeen(Height);

    /// <summary>The anchor was spent by something that is no batch: the state stays as it is, and the next anchor is its first output.</summary>
    public sealed record Garbage(int Height, TxId Transaction, Refusal Why) : AnchorSeen(Height);

    /// <summary>The anchor was spent and no new one made: the operator has ended the rollup.</summary>
    public sealed record Ended(int Height, TxId Transaction) : AnchorSeen(Height);

    /// <summary>Somebody posted an operation.</summary>
    public sealed record Posted(ForcedPost Post) : AnchorSeen(Post.Height);

    /// <summary>Somebody paid the vault.</summary>
    public sealed record Deposited(SeenDeposit Deposit) : AnchorSeen(Deposit.Height);
}
