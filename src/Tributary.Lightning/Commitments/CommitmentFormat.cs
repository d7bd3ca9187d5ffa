namespace Tributary.Lightning.Commitments;

/// <summary>The shapes that a commitment transaction has had (BOLT 3). The last two of BOLT 9's types are negotiated; the others are read.</summary>
public enum CommitmentFormat
{
    /// <summary>Before static_remotekey: the other side's output pays a key that changes with each commitment.</summary>
    Legacy,

    /// <summary>static_remotekey: that output pays the payment basepoint itself.</summary>
    StaticRemoteKey,

    /// <summary>Anchors whose HTLC transactions pay a fee of their own.</summary>
    AnchorsWithHtlcFees,

    /// <summary>anchors_zero_fee_htlc_tx: HTLC transactions get their fee from inputs that are added.</summary>
    AnchorsZeroFeeHtlc,
}
