using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>How one side trims the outputs of its commitment.</summary>
/// <param name="Format">Of the channel.</param>
/// <param name="DustLimit">Of the side whose commitment it is.</param>
/// <param name="IsLocal">Our commitment; otherwise the peer's.</param>
internal readonly record struct TrimRules(CommitmentFormat Format, Satoshis DustLimit, bool IsLocal)
{
    internal bool IsTrimmed(ChannelHtlc htlc, FeeratePerKw feerate) => IsTrimmed(htlc.IsOurs, htlc.Amount, feerate);

    internal bool IsTrimmed(bool isOurs, MilliSatoshis amount, FeeratePerKw feerate) =>
        amount.FloorToSatoshis() < DustLimit + CommitmentFees.HtlcFee(Format, feerate, isOurs == IsLocal);

    /// <summary>Could it become dust soon? Where HTLC transactions pay a fee, a rise of the feerate trims more.</summary>
    internal bool IsDust(bool isOurs, MilliSatoshis amount, FeeratePerKw feerate) =>
        IsTrimmed(isOurs, amount, Format == CommitmentFormat.AnchorsZeroFeeHtlc ? feerate : Raised(feerate));

    private static FeeratePerKw Raised(FeeratePerKw feerate) => new(Math.Min(Math.Max(feerate.Value + 2530, feerate.Value * 5 / 4), int.MaxValue / 4));
}
