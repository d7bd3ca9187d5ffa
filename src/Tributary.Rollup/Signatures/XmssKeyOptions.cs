namespace Tributary.Rollup.Signatures;

/// <summary>How much of a key is made, and how.</summary>
public sealed record XmssKeyOptions
{
    /// <summary>log2 of the one-time keys that the public key speaks of, from 1 to 31.</summary>
    public int LogLifetime { get; init; } = 20;

    /// <summary>
    /// One-time keys that can be used, from the first on; null for all. Rounded up to whole subtrees. The last ones, which rotation needs, are always
    /// made. What is not made can never be used: random digests stand for it.
    /// </summary>
    public uint? Active { get; init; }

    /// <summary>Threads at most.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Told the share of the work that is done.</summary>
    public IProgress<double>? Progress { get; init; }
}
