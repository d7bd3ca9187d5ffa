using System.Buffers.Binary;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Operations;

/// <summary>Reading and writing the values of this project.</summary>
internal static class FinanceBytes
{
    public static void WriteAmount(this ByteWriter writer, Amount amount)
    {
        var bytes = writer.GetSpan(Amount.Length);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, amount.Units);
        writer.Advance(Amount.Length);
    }

    public static void WriteAccount(this ByteWriter writer, AccountId account) => writer.WriteUInt32LittleEndian(account.Value);

    public static void WriteAsset(this ByteWriter writer, AssetId asset) => writer.WriteUInt32LittleEndian(asset.Value);

    public static bool TryReadAmount(this ref SpanReader reader, out Amount amount)
    {
        amount = default;
        if (!reader.TryReadBytes(Amount.Length, out var bytes))
            return false;
        amount = new Amount(BinaryPrimitives.ReadUInt128LittleEndian(bytes));
        return true;
    }

    public static bool TryReadAccount(this ref SpanReader reader, out AccountId account)
    {
        var read = reader.TryReadUInt32LittleEndian(out var number);
        account = new AccountId(number);
        return read;
    }

    public static bool TryReadAsset(this ref SpanReader reader, out AssetId asset)
    {
        var read = reader.TryReadUInt32LittleEndian(out var number);
        asset = new AssetId(number);
        return read;
    }
}
