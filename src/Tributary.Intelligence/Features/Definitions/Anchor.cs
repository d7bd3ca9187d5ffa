namespace Tributary.Intelligence.Features.Definitions;

/// <summary>What "since" counts from. Missing when it has not happened.</summary>
public enum Anchor
{
    /// <summary>The entity's payment before this one.</summary>
    Last,

    /// <summary>The entity's first payment.</summary>
    First,

    /// <summary>The entity's latest payment with the same party of another kind (this card on this device).</summary>
    Same,

    /// <summary>The latest known fraud.</summary>
    LastFraud,

    /// <summary>The latest payment known to be legitimate.</summary>
    LastLegitimate,

    /// <summary>The first of the known frauds in a row that reach up to now.</summary>
    RunStart,

    /// <summary>The latest legitimate payment before those.</summary>
    BeforeRun,
}
