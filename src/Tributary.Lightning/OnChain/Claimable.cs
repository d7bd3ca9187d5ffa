using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain;

/// <summary>An output that the next block may let us take.</summary>
/// <param name="Output">The output.</param>
/// <param name="Preimage">Where it takes one.</param>
/// <param name="Sequence">Of the input that takes it.</param>
/// <param name="LockTime">Of the transaction.</param>
/// <param name="Deadline">From the block after this height on the peer may take it; null when it never may.</param>
/// <param name="IsHardDeadline">After the deadline the peer needs no preimage of us or of anyone: what is late is lost.</param>
/// <param name="IsContested">The peer may be able to take it in the next block too.</param>
internal sealed record Claimable(
    TrackedOutput Output, Bytes32? Preimage, uint Sequence, uint LockTime, int? Deadline, bool IsHardDeadline, bool IsContested)
{
    internal OutPoint OutPoint => Output.OutPoint;

    /// <summary>Blocks left; where late is not lost, never so few that fees go wild.</summary>
    internal int? BlocksLeft(int height) =>
        Deadline is not { } deadline ? null : IsHardDeadline ? deadline - height : Math.Max(ClaimMargins.UrgentBlocks + 1, deadline - height);
}
