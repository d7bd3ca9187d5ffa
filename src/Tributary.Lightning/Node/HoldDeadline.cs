namespace Tributary.Lightning.Node;

/// <summary>Until when a held payment can be taken, in blocks: nobody promises when a block comes.</summary>
/// <param name="Height">The block that the node knew when it said so.</param>
/// <param name="ExpiryHeight">From this block on the payer's side may take the part back that expires first.</param>
/// <param name="ReturnHeight">With this block the node gives the payment back by itself (<c>ReceiverOptions.HoldMarginBlocks</c> before the expiry).</param>
public sealed record HoldDeadline(int Height, int ExpiryHeight, int ReturnHeight)
{
    /// <summary>Blocks that are left to settle.</summary>
    public int BlocksLeft => Math.Max(0, ReturnHeight - Height);

    /// <summary>
    /// A time before which to settle, for people and clocks: blocks are counted with five minutes instead of ten, since a fast hour of blocks
    /// is no rarity. The blocks decide, not this.
    /// </summary>
    /// <param name="now">When <see cref="Height"/> was the last block.</param>
    public DateTimeOffset SettleBefore(DateTimeOffset now) => now + TimeSpan.FromMinutes(5L * BlocksLeft);
}
