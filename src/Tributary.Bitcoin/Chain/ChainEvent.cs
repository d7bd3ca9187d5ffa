using Tributary.Bitcoin.Blocks;

namespace Tributary.Bitcoin.Chain;

/// <summary>A step of the active chain.</summary>
public abstract record ChainEvent
{
    private ChainEvent()
    {
    }

    /// <summary>A block joined the tip.</summary>
    public sealed record Connected(int Height, Block Block) : ChainEvent;

    /// <summary>The tip was taken back; the chain now ends in its parent.</summary>
    public sealed record Disconnected(int Height, Block Block) : ChainEvent;
}
