namespace Tributary.Rollup.Swaps;

/// <summary>Which way a swap goes.</summary>
public enum SwapDirection
{
    /// <summary>The client pays on Bitcoin and gets paid in the rollup.</summary>
    In = 1,

    /// <summary>The client pays in the rollup and gets paid on Bitcoin.</summary>
    Out = 2,
}
