using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// Base58 with the checksum of four bytes, on spans alone: the text of a private key never becomes a string by the way, and the working
/// memory is zeroed. The work grows with the square of the length, which the caller's destination bounds.
/// </summary>
internal static class Base58Check
{
    private const int ChecksumLength = 4;

    private static ReadOnlySpan<byte> Alphabet => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"u8;

    /// <summary>Room that is enough for the text of a payload of this length.</summary>
    internal static int TextLengthMax(int payloadLength) => ((payloadLength + ChecksumLength) * 138 / 100) + 1;

    /// <summary>Writes the text and returns its length.</summary>
    internal static int Encode(ReadOnlySpan<byte> payload, Span<char> destination)
    {
        Span<byte> number = stackalloc byte[payload.Length + ChecksumLength];
        payload.CopyTo(number);
        WriteChecksum(payload, number[payload.Length..]);

        // Repeated division by 58: the remainders are the digits, last one first.
        var zeros = number.Length - ((ReadOnlySpan<byte>)number).TrimStart((byte)0).Length;
        var length = 0;
        var first = zeros;
        while (first < number.Length)
        {
            var remainder = 0;
            for (var i = first; i < number.Length; i++)
            {
                var value = (remainder << 8) | number[i];
                number[i] = (byte)(value / 58);
                remainder = value % 58;
            }

            destination[length++] = (char)Alphabet[remainder];
            while (first < number.Length && number[first] == 0)
                first++;
        }

        destination.Slice(length, zeros).Fill('1');
        length += zeros;
        destination[..length].Reverse();
        CryptographicOperations.ZeroMemory(number);
        return length;
    }

    /// <summary>Reads text that must hold exactly <c>payload.Length</c> bytes and their checksum.</summary>
    internal static Base58CheckOutcome TryDecode(ReadOnlySpan<char> text, Span<byte> payload)
    {
        if (text.Length > TextLengthMax(payload.Length))
            return Base58CheckOutcome.WrongLength;

        Span<byte> number = stackalloc byte[payload.Length + ChecksumLength];
        number.Clear();
        var outcome = ReadNumber(text, number);
        if (outcome == Base58CheckOutcome.Ok)
        {
            Span<byte> checksum = stackalloc byte[ChecksumLength];
            WriteChecksum(number[..payload.Length], checksum);
            if (number[payload.Length..].SequenceEqual(checksum))
                number[..payload.Length].CopyTo(payload);
            else
                outcome = Base58CheckOutcome.WrongChecksum;
        }

        CryptographicOperations.ZeroMemory(number);
        return outcome;
    }

    private static Base58CheckOutcome ReadNumber(ReadOnlySpan<char> text, Span<byte> number)
    {
        foreach (var character in text)
        {
            var carry = character < 128 ? Alphabet.IndexOf((byte)character) : -1;
            if (carry < 0)
                return Base58CheckOutcome.NotBase58;

            for (var i = number.Length - 1; i >= 0; i--)
            {
                carry += number[i] * 58;
                number[i] = (byte)carry;
                carry >>= 8;
            }

            if (carry != 0)
                return Base58CheckOutcome.WrongLength;
        }

        // A leading '1' stands for one zero byte: their numbers must be the same, or the text is of another length.
        var zeros = number.Length - ((ReadOnlySpan<byte>)number).TrimStart((byte)0).Length;
        var ones = text.Length - text.TrimStart('1').Length;
        return zeros == ones ? Base58CheckOutcome.Ok : Base58CheckOutcome.WrongLength;
    }

    private static void WriteChecksum(ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[32];
        Hashes.Sha256d(payload, hash);
        hash[..ChecksumLength].CopyTo(destination);
    }
}
