using Tributary.Storage.Leases;

namespace Tributary.Storage.Logs;

/// <summary>What opening a log found.</summary>
/// <param name="Log">Its id.</param>
/// <param name="Generation">Of whoever reads: a writer's own, or the last writer's.</param>
/// <param name="CheckpointThrough">The last batch that the checkpoint covers; 0 without one.</param>
/// <param name="Through">The last batch.</param>
/// <param name="TornBytes">Bytes of a group that a crash cut short: nobody was told of it.</param>
public sealed record LogRecovery(LogId Log, Generation Generation, LogSequence CheckpointThrough, LogSequence Through, long TornBytes);
