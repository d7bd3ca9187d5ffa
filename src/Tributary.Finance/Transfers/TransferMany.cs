using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Transfers;

/// <summary>Units of one asset go from the caller to many accounts, all or none. Recipients ascend, so that there is one order and nobody occurs twice.</summary>
public sealed record TransferMany(AssetId Asset, IReadOnlyList<Payment> Payments) : Operation
{
    /// <summary>The most recipients.</summary>
    public const int MaxPayments = 256;

    public override OperationCode Code => OperationCode.TransferMany;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset);
        writer.WriteCompactSize((ulong)Payments.Count);
        foreach (var payment in Payments)
        {
            writer.WriteAccount(payment.To);
            writer.WriteAmount(payment.Amount);
        }
    }

    public bool Equals(TransferMany? other) => other is not null && Asset == other.Asset && Payments.SequenceEqual(other.Payments);

    public override int GetHashCode() => HashCode.Combine(Asset, Payments.Count);
}
