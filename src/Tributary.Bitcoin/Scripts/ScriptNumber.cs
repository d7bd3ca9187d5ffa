namespace Tributary.Bitcoin.Scripts;

/// <summary>
/// Numbers on the stack: little endian, the sign in the top bit of the last byte, no bytes for zero. Operands are at most four bytes
/// (five for lock times), results may be one longer.
/// </summary>
public static class ScriptNumber
{
    /// <summary>The most bytes of an operand of arithmetic.</summary>
    public const int OperandLengthMax = 4;

    /// <summary>The most bytes of a lock time (BIP 65, BIP 112): 39 bits, so that 32-bit times stay positive.</summary>
    public const int LockTimeLengthMax = 5;

    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public const int WriteLengthMax = 9;

    /// <summary>Reads a number; false when it is longer than allowed or, if that is required, not in its shortest form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, bool requireMinimal, int lengthMax, out long value)
    {
        value = 0;
        if (bytes.Length > lengthMax || lengthMax > sizeof(long))
            return false;
        if (bytes.IsEmpty)
            return true;
        if (requireMinimal && !IsMinimal(bytes))
            return false;

        for (var i = 0; i < bytes.Length; i++)
            value |= (long)bytes[i] << (8 * i);

        if ((bytes[^1] & 0x80) != 0)
            value = -(value & ~(0x80L << (8 * (bytes.Length - 1))));
        return true;
    }

    /// <summary>Writes the shortest form and returns its length.</summary>
    public static int Write(long value, Span<byte> destination)
    {
        if (value == 0)
            return 0;

        var magnitude = value < 0 ? (ulong)(-(value + 1)) + 1 : (ulong)value;
        var length = 0;
        while (magnitude != 0)
        {
            destination[length++] = (byte)magnitude;
            magnitude >>= 8;
        }

        var sign = (byte)(value < 0 ? 0x80 : 0);
        if ((destination[length - 1] & 0x80) != 0)
            destination[length++] = sign;
        else
            destination[length - 1] |= sign;
        return length;
    }

    /// <summary>A condition: false is zero in any length, negative zero too.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> bytes)
    {
        var first = bytes.IndexOfAnyExcept((byte)0);
        return first >= 0 && !(first == bytes.Length - 1 && bytes[first] == 0x80);
    }

    // The last byte may only be a bare sign when the byte before it needs its own top bit.
    private static bool IsMinimal(ReadOnlySpan<byte> bytes) =>
        (bytes[^1] & 0x7f) != 0 || (bytes.Length > 1 && (bytes[^2] & 0x80) != 0);
}
