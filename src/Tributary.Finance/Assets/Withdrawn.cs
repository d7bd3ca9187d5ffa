using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;

namespace Tributary.Finance.Assets;

/// <summary>Units left for Bitcoin: the operator owes an output.</summary>
public sealed record Withdrawn(ulong Number, AssetId Asset, AccountId From, Amount Amount, ReadOnlyMemory<byte> Script) : FinanceEvent
{
    public bool Equals(Withdrawn? other) =>
        other is not null
        && Number == other.Number
        && Asset == other.Asset
        && From == other.From
        && Amount == other.Amount
        && Script.Span.SequenceEqual(other.Script.Span);

    public override int GetHashCode() => HashCode.Combine(Number, Asset, From, Amount);
}
