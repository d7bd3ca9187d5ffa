using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts;

/// <summary>The bytes of a script, shared with what they were parsed from and never changed. Any bytes are a script; only running it tells more.</summary>
public readonly struct Script(ReadOnlyMemory<byte> bytes) : IEquatable<Script>
{
    /// <summary>No bytes.</summary>
    public static Script Empty => default;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory { get; } = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>Size in bytes.</summary>
    public int Length => Memory.Length;

    public bool IsEmpty => Memory.IsEmpty;

    public byte[] ToArray() => Memory.ToArray();

    /// <summary>The bytes in hex.</summary>
    public string ToHex() => Hex.Encode(Span);

    public bool Equals(Script other) => Span.SequenceEqual(other.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Script other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public override string ToString() => ToHex();

    public static bool operator ==(Script left, Script right) => left.Equals(right);

    public static bool operator !=(Script left, Script right) => !left.Equals(right);
}
