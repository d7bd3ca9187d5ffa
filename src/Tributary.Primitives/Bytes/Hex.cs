using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Tributary.Primitives.Bytes;

/// <summary>Hex without exceptions, for text that comes from outside.</summary>
public static class Hex
{
    /// <summary>Decodes exactly <c>destination.Length</c> bytes; false for another length or a character that is no hex digit.</summary>
    public static bool TryDecode(ReadOnlySpan<char> hex, Span<byte> destination) =>
        hex.Length == destination.Length * 2
        && Convert.FromHexString(hex, destination, out _, out var written) == OperationStatus.Done
        && written == destination.Length;

    /// <summary>Decodes any even number of hex digits; allocates half the length of the text.</summary>
    public static bool TryDecode(ReadOnlySpan<char> hex, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (hex.Length % 2 != 0)
            return false;

        var decoded = new byte[hex.Length / 2];
        if (!TryDecode(hex, decoded.AsSpan()))
            return false;

        bytes = decoded;
        return true;
    }

    /// <summary>Lower-case hex.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
