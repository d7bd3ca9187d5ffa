using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Segments;

/// <summary>What many transfers of a segment share: asset, fee and expiry. A segment lists them once.</summary>
internal readonly record struct Terms(uint Asset, ulong Fee, uint Expiry)
{
    /// <summary>Bytes of the shortest encoding.</summary>
    public const int MinLength = 3;

    public static Terms Of(in OperationRequest request) =>
        new(((Transfer)request.Operation).Asset.Value, (ulong)request.Authorisation!.Value.Fee.Units, request.Authorisation!.Value.Expiry);

    public OperationRequest Request(uint from, uint index, uint to, ulong amount) =>
        new(new Transfer(new AssetId(Asset), new AccountId(to), amount), new Authorisation(new AccountId(from), index, Fee, Expiry));

    public void Write(ByteWriter writer)
    {
        writer.WriteCompactSize(Asset);
        writer.WriteCompactSize(Fee);
        writer.WriteCompactSize(Expiry);
    }

    public static bool TryRead(ref SpanReader reader, out Terms terms)
    {
        terms = default;
        if (!reader.TryReadCompactSize(out var asset)
            || asset > uint.MaxValue
            || !reader.TryReadCompactSize(out var fee)
            || !reader.TryReadCompactSize(out var expiry)
            || expiry > uint.MaxValue)
            return false;
        terms = new Terms((uint)asset, fee, (uint)expiry);
        return true;
    }
}
