using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Backups;

/// <summary>
/// Where a copy of a log comes from. The log itself may have gone on after that: whatever the copy says about what was promised to others is
/// stale, and a peer may know more than it.
/// </summary>
/// <param name="Origin">What it was made from.</param>
/// <param name="Log">The log.</param>
/// <param name="Generation">Its writer at that time.</param>
/// <param name="Through">The last batch in the copy.</param>
/// <param name="At">When it was made.</param>
public sealed record RestoredFrom(CopyOrigin Origin, LogId Log, Generation Generation, LogSequence Through, DateTimeOffset At);
