namespace Tributary.Bitcoin.Chain;

/// <summary>The kinds of <see cref="ChainError"/>.</summary>
public enum ChainErrorKind
{
    /// <summary>The source does not answer; the call was retried up to its bound.</summary>
    Unreachable,

    /// <summary>The source refuses the credentials.</summary>
    Unauthorized,

    /// <summary>The source answers but is still catching up with the chain.</summary>
    NotSynced,

    /// <summary>The source follows another network than it was asked for.</summary>
    WrongNetwork,

    /// <summary>What was asked for does not exist on the active chain or in the mempool.</summary>
    NotFound,

    /// <summary>The source has no data for the question (no fee estimate yet, a pruned block).</summary>
    NotAvailable,

    /// <summary>The source answered what no such source may answer.</summary>
    BadAnswer,

    /// <summary>The source was disposed of, or stopped itself because it could not write to its disk.</summary>
    Closed,
}
