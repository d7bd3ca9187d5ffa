namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>How a transaction comes to the mempool, which changes some of the rules (as Bitcoin Core's <c>ATMPArgs</c> do).</summary>
/// <param name="IsFromBlock">It comes back from a disconnected block: neither its fee nor the rules of version 3 keep it out.</param>
/// <param name="PaysInPackage">Fees are judged for the package.</param>
/// <param name="AllowsCarveOut">The small extra child of a full family is taken (CPFP carve-out).</param>
/// <param name="AllowsSiblingEviction">It may replace its sibling (BIP 431).</param>
internal readonly record struct AdmissionContext(bool IsFromBlock, bool PaysInPackage, bool AllowsCarveOut, bool AllowsSiblingEviction)
{
    /// <summary>By itself.</summary>
    internal static AdmissionContext Alone => new(false, false, true, true);

    /// <summary>By itself, tried before the package that it is part of.</summary>
    internal static AdmissionContext AloneFromPackage => new(false, false, false, true);

    /// <summary>With the rest of its package.</summary>
    internal static AdmissionContext InPackage => new(false, true, false, false);

    /// <summary>From a block that was taken back.</summary>
    internal static AdmissionContext FromBlock => new(true, false, true, true);
}
