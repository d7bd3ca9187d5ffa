using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>A node's colour on maps.</summary>
public readonly record struct RgbColor(byte Red, byte Green, byte Blue)
{
    internal const int Size = 3;

    internal static RgbColor Read(ReadOnlySpan<byte> bytes) => bytes.Length == Size ? new RgbColor(bytes[0], bytes[1], bytes[2]) : default;

    internal void WriteTo(ByteWriter writer)
    {
        writer.WriteByte(Red);
        writer.WriteByte(Green);
        writer.WriteByte(Blue);
    }

    /// <summary>Six hex digits.</summary>
    public override string ToString() => $"{Red:x2}{Green:x2}{Blue:x2}";
}
