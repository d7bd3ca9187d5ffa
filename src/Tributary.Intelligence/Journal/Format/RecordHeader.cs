using System.Buffers.Binary;

namespace Tributary.Intelligence.Journal.Format;

/// <summary>
/// What stands before an entry's body in a record of the log, 12 bytes, little endian: time in microseconds since 1970 (8), kind (1), version (1),
/// zero (2). Behind the body stands the chain value, 32 bytes: see <see cref="RecordChain"/>.
/// </summary>
/// <param name="TimeMicroseconds">When it was appended.</param>
/// <param name="Kind">What the body holds.</param>
/// <param name="Version">The version of the body's layout.</param>
internal readonly record struct RecordHeader(long TimeMicroseconds, byte Kind, byte Version)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 12;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, TimeMicroseconds);
        destination[8] = Kind;
        destination[9] = Version;
        destination[10] = 0;
        destination[11] = 0;
    }

    /// <summary>Reads a header from bytes that are long enough.</summary>
    public static RecordHeader Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt64LittleEndian(bytes), bytes[8], bytes[9]);
}
