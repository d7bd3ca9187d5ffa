using System.Text;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>A node's name as it announces it: 32 bytes, by convention UTF-8 padded with zeros. Anyone may announce any bytes.</summary>
public readonly record struct NodeAlias(Bytes32 Value)
{
    /// <summary>Takes at most 32 bytes of UTF-8 and pads them.</summary>
    /// <exception cref="ArgumentException">The name takes more bytes.</exception>
    public static NodeAlias Of(string name)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        bytes.Clear();
        if (!Encoding.UTF8.TryGetBytes(name, bytes, out _))
            throw new ArgumentException("An alias takes at most 32 bytes of UTF-8.", nameof(name));
        return new NodeAlias(new Bytes32(bytes));
    }

    /// <summary>The name for display: broken UTF-8 and control characters are replaced, padding is cut. Still text from a stranger: escape it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(Value.Span.TrimEnd((byte)0)).EnumerateRunes())
            text.Append(Rune.IsControl(rune) ? "\ufffd" : rune.ToString());
        return text.ToString();
    }
}
