using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tributary.Intelligence.Data;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Models.Files;

/// <summary>The hash by which a model's lineage names its training table.</summary>
public static class TableHash
{
    /// <summary>
    /// SHA-256 of the feature names and kinds, the number of rows, every column and the labels (floats in little endian, any NaN as the same one).
    /// </summary>
    public static Bytes32 Compute(FeatureMatrix x, ReadOnlySpan<float> y)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        for (var feature = 0; feature < x.Schema.Count; feature++)
        {
            var name = Encoding.UTF8.GetBytes(x.Schema.Names[feature]);
            BinaryPrimitives.WriteInt64LittleEndian(number, ((long)name.Length << 8) | (byte)x.Schema.Kinds[feature]);
            hash.AppendData(number);
            hash.AppendData(name);
        }

        BinaryPrimitives.WriteInt64LittleEndian(number, x.RowCount);
        hash.AppendData(number);
        for (var feature = 0; feature < x.Schema.Count; feature++)
            Append(hash, x.Column(feature));
        Append(hash, y);
        return new Bytes32(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<float> values)
    {
        Span<uint> block = stackalloc uint[256];
        for (var start = 0; start < values.Length; start += block.Length)
        {
            var count = Math.Min(block.Length, values.Length - start);
            for (var i = 0; i < count; i++)
            {
                var value = values[start + i];
                var bits = BitConverter.SingleToUInt32Bits(float.IsNaN(value) ? float.NaN : value);
                block[i] = BitConverter.IsLittleEndian ? bits : BinaryPrimitives.ReverseEndianness(bits);
            }

            hash.AppendData(MemoryMarshal.AsBytes(block[..count]));
        }
    }
}
