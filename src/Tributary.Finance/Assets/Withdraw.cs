using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Assets;

/// <summary>The caller's units leave for an output on Bitcoin with this script.</summary>
public sealed record Withdraw(AssetId Asset, Amount Amount, ReadOnlyMemory<byte> Script) : Operation
{
    /// <summary>The longest script: a witness program of 40 bytes.</summary>
    public const int MaxScriptLength = 42;

    public override OperationCode Code => OperationCode.Withdraw;

    public override void WriteBody(ByteWriter writer)
    {
        writer.WriteAsset(Asset);
        writer.WriteAmount(Amount);
        writer.WriteCompactSizeBytes(Script.Span);
    }

    public bool Equals(Withdraw? other) =>
        other is not null && Asset == other.Asset && Amount == other.Amount && Script.Span.SequenceEqual(other.Script.Span);

    public override int GetHashCode() => HashCode.Combine(Asset, Amount, Script.Length);
}
