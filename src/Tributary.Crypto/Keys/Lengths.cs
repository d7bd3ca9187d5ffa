namespace Tributary.Crypto;

/// <summary>Guards of the fixed sizes that native code reads without asking.</summary>
internal static class Lengths
{
    internal static void Require(ReadOnlySpan<byte> bytes, int length, string name)
    {
        if (bytes.Length != length)
            Throw(length, bytes.Length, name);
    }

    internal static void RequireRoom(Span<byte> destination, int length, string name)
    {
        if (destination.Length < length)
            Throw(length, destination.Length, name);
    }

    private static void Throw(int expected, int found, string name) =>
        throw new ArgumentException($"{expected} bytes are needed, {found} were given.", name);
}
