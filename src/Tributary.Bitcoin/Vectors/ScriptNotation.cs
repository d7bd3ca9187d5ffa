using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Vectors;

/// <summary>
/// The notation of scripts in Bitcoin Core's test data: words apart by white space, each a decimal number (pushed), <c>0x</c> and hex
/// (bytes as they are), text in single quotes (pushed) or an opcode with or without "OP_".
/// </summary>
public static class ScriptNotation
{
    private const long NumberMax = 0xffff_ffff;

    /// <summary>Reads a script; false with the word that is none.</summary>
    public static bool TryParse(string text, out Script script, [NotNullWhen(false)] out string? problem)
    {
        script = default;
        problem = null;
        var writer = new ByteWriter(Math.Max(16, text.Length / 2));
        foreach (var word in text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryWriteWord(writer, word))
                continue;
            problem = $"\"{word}\" is no number, hex, text or opcode";
            return false;
        }

        script = new Script(writer.ToArray());
        return true;
    }

    private static bool TryWriteWord(ByteWriter writer, string word)
    {
        if (IsNumber(word))
            return TryWriteNumber(writer, word);
        if (word.Length > 2 && word.StartsWith("0x", StringComparison.Ordinal) && Hex.TryDecode(word.AsSpan(2), out byte[]? raw))
        {
            writer.WriteBytes(raw);
            return true;
        }

        if (word.Length >= 2 && word[0] == '\'' && word[^1] == '\'')
        {
            // A push as it comes: one byte of text is one byte of data, never a small-number opcode.
            ScriptBuilder.WritePush(writer, Encoding.UTF8.GetBytes(word[1..^1]));
            return true;
        }

        if (!OpcodeNames.TryParse(word, out var opcode) && !TryParseProposal(word, out opcode))
            return false;
        writer.WriteByte((byte)opcode);
        return true;
    }

    private static bool IsNumber(string word)
    {
        var digits = word.AsSpan(word[0] == '-' && word.Length > 1 ? 1 : 0);
        return !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static bool TryWriteNumber(ByteWriter writer, string word)
    {
        if (!long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || Math.Abs(number) > NumberMax)
            return false;
        switch (number)
        {
            case -1:
                writer.WriteByte((byte)Opcode.Op1Negate);
                break;
            case >= 0 and <= 16:
                writer.WriteByte((byte)OpcodeNames.FromSmallInteger((int)number));
                break;
            default:
                Span<byte> bytes = stackalloc byte[ScriptNumber.WriteLengthMax];
                ScriptBuilder.WritePush(writer, bytes[..ScriptNumber.Write(number, bytes)]);
                break;
        }

        return true;
    }

    // Test data of lineages with proposed soft forks names the no-op after its proposal (BIP 119); the byte is the same.
    private static bool TryParseProposal(string word, out Opcode opcode)
    {
        opcode = Opcode.Nop4;
        return word is "CHECKTEMPLATEVERIFY" or "OP_CHECKTEMPLATEVERIFY";
    }
}
