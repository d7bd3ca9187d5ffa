using System.Buffers.Binary;
using Tributary.Finance.Amounts;
using Tributary.Finance.State;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Assets;

/// <summary>An asset.</summary>
/// <param name="Kind">Where its supply comes from.</param>
/// <param name="Decimals">Digits behind the point, for people.</param>
/// <param name="Issuer">Who may issue it; nobody where it is not issued.</param>
/// <param name="Supply">Units that exist.</param>
/// <param name="Limit">Units that may ever exist at once.</param>
/// <param name="Metadata">The hash of a document that describes it; zero for none.</param>
public readonly record struct AssetLeaf(AssetKind Kind, byte Decimals, AccountId Issuer, Amount Supply, Amount Limit, Bytes32 Metadata) : ILeaf<AssetLeaf>
{
    /// <summary>The most digits behind the point.</summary>
    public const byte MaxDecimals = 36;

    public static int Length => 2 + sizeof(uint) + (2 * Amount.Length) + Bytes32.Length;

    /// <summary>Satoshis before the first deposit.</summary>
    public static AssetLeaf Bitcoin => new(AssetKind.Bridged, 8, AccountId.Nobody, Amount.Zero, (ulong)Satoshis.MaxMoney.Value, default);

    public bool IsEmpty => Kind == AssetKind.None;

    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Kind;
        destination[1] = Decimals;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[2..], Issuer.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[6..], Supply.Units);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[22..], Limit.Units);
        Metadata.Span.CopyTo(destination[38..]);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out AssetLeaf leaf)
    {
        leaf = new AssetLeaf(
            (AssetKind)source[0],
            source[1],
            new AccountId(BinaryPrimitives.ReadUInt32LittleEndian(source[2..])),
            new Amount(BinaryPrimitives.ReadUInt128LittleEndian(source[6..])),
            new Amount(BinaryPrimitives.ReadUInt128LittleEndian(source[22..])),
            new Bytes32(source[38..]));
        return leaf.Kind is >= AssetKind.Bridged and <= AssetKind.Liquidity
            && leaf.Decimals <= MaxDecimals
            && leaf.Supply <= leaf.Limit
            && leaf.Issuer == AccountId.Nobody == (leaf.Kind != AssetKind.Issued);
    }
}
