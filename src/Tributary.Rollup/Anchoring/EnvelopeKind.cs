namespace Tributary.Rollup.Anchoring;

/// <summary>What an envelope on Bitcoin carries.</summary>
public enum EnvelopeKind : byte
{
    /// <summary>The beginning of a rollup: <see cref="RollupGenesis"/>.</summary>
    Genesis = 0,

    /// <summary>A batch: <see cref="BatchHeader"/> and the body after it.</summary>
    Batch = 1,

    /// <summary>An operation that the sequencer has to take: <see cref="ForcedPost"/>.</summary>
    Forced = 2,
}
