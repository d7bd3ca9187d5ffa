using System.Buffers.Binary;
using Tributary.Primitives.Contracts;

namespace Tributary.Storage.Logs;

/// <summary>128 random bits that a log has from its first day on, and every copy of it.</summary>
public readonly record struct LogId(UInt128 Value)
{
    /// <summary>A fresh one.</summary>
    public static LogId New(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[16];
        entropy.Fill(bytes);
        return new LogId(BinaryPrimitives.ReadUInt128LittleEndian(bytes));
    }

    public override string ToString() => $"{Value:x32}";
}
