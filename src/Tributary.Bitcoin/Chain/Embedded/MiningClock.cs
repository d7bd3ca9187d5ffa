using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>Mines one block after the other at an interval.</summary>
/// <param name="Interval">From one block to the next.</param>
/// <param name="PayTo">Who gets the subsidy and the fees.</param>
public sealed record MiningClock(TimeSpan Interval, Script PayTo);
