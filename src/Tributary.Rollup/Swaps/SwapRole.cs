namespace Tributary.Rollup.Swaps;

/// <summary>Who somebody is in a swap.</summary>
public enum SwapRole
{
    /// <summary>Draws the preimage, locks first and with the later timeout, and claims first.</summary>
    Client = 1,

    /// <summary>Locks second, and claims with the preimage that the client's claim shows.</summary>
    Provider = 2,
}
