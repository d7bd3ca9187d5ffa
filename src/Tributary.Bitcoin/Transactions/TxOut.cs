using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Transactions;

/// <summary>A transaction output: an amount and the script that locks it.</summary>
public readonly record struct TxOut(Satoshis Value, Script ScriptPubKey)
{
    public void WriteTo(ByteWriter writer)
    {
        writer.WriteInt64LittleEndian(Value.Value);
        writer.WriteCompactSizeBytes(ScriptPubKey.Span);
    }
}
