using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Sequencing;

/// <summary>What a sequencer's checkpoint begins with.</summary>
/// <param name="Last">The last batch that it leaves out; null where it leaves out none.</param>
/// <param name="Segments">Segments up to and with it.</param>
/// <param name="State">The encoding of the state after it.</param>
internal sealed record BatchBase(BatchHeader? Last, ulong Segments, byte[] State);
