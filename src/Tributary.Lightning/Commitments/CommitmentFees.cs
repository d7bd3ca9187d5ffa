using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Commitments;

/// <summary>Weights, fees and what is trimmed (BOLT 3, "Fee Calculation" and "Trimmed Outputs").</summary>
public static class CommitmentFees
{
    /// <summary>What an anchor holds.</summary>
    public static Satoshis AnchorAmount => new(330);

    /// <summary>Is this a format with anchors?</summary>
    public static bool HasAnchors(this CommitmentFormat format) => format >= CommitmentFormat.AnchorsWithHtlcFees;

    /// <summary>Weight units that the fee of a commitment transaction counts.</summary>
    public static long CommitmentWeight(CommitmentFormat format, int untrimmedHtlcs) => (format.HasAnchors() ? 1124 : 724) + (172L * untrimmedHtlcs);

    /// <summary>The fee that the funder pays.</summary>
    public static Satoshis CommitmentFee(CommitmentFormat format, FeeratePerKw feerate, int untrimmedHtlcs) =>
        feerate.FeeForWeight(CommitmentWeight(format, untrimmedHtlcs));

    /// <summary>What the funder pays besides the fee: both anchors.</summary>
    public static Satoshis AnchorsCost(CommitmentFormat format) => format.HasAnchors() ? AnchorAmount * 2 : Satoshis.Zero;

    /// <summary>The fee within an HTLC-timeout transaction.</summary>
    public static Satoshis HtlcTimeoutFee(CommitmentFormat format, FeeratePerKw feerate) => HtlcFee(format, feerate, 663, 666);

    /// <summary>The fee within an HTLC-success transaction.</summary>
    public static Satoshis HtlcSuccessFee(CommitmentFormat format, FeeratePerKw feerate) => HtlcFee(format, feerate, 703, 706);

    /// <summary>The fee within the HTLC transaction of the broadcaster.</summary>
    public static Satoshis HtlcFee(CommitmentFormat format, FeeratePerKw feerate, bool isOffered) =>
        isOffered ? HtlcTimeoutFee(format, feerate) : HtlcSuccessFee(format, feerate);

    /// <summary>Is an HTLC too small to get an output? What it carries is then trusted to the peer, and goes to the miners on a unilateral close.</summary>
    public static bool IsTrimmed(CommitmentFormat format, FeeratePerKw feerate, Satoshis dustLimit, in CommittedHtlc htlc) =>
        htlc.Amount.FloorToSatoshis() < dustLimit + HtlcFee(format, feerate, htlc.IsOffered);

    private static Satoshis HtlcFee(CommitmentFormat format, FeeratePerKw feerate, long weight, long weightWithAnchors) => format switch
    {
        CommitmentFormat.AnchorsZeroFeeHtlc => Satoshis.Zero,
        CommitmentFormat.AnchorsWithHtlcFees => feerate.FeeForWeight(weightWithAnchors),
        _ => feerate.FeeForWeight(weight),
    };
}
