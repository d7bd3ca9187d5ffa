using System.Diagnostics.CodeAnalysis;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Scripts;

/// <summary>The bytes of a script, shared with what they were parsed from and never changed. Any bytes are a script; only running it tells more.</summary>
public readonly struct Script(ReadOnlyMemory<byte> bytes) : IEquatable<Script>
{
    /// <summary>The most bytes of a script that may run (tapscript has no such limit); a longer output script can never be spent.</summary>
    public const int LengthMax = 10_000;

    /// <summary>The most bytes of an element on the stack.</summary>
    public const int ElementLengthMax = 520;

    /// <summary>No bytes.</summary>
    public static Script Empty => default;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory { get; } = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>Size in bytes.</summary>
    public int Length => Memory.Length;

    public bool IsEmpty => Memory.IsEmpty;

    /// <summary>True when it only pushes (BIP 16 counts OP_RESERVED as a push; running it fails anyway).</summary>
    public bool IsPushOnly => ScriptPatterns.IsPushOnly(Span);

    /// <summary>True for <c>OP_HASH160 20-byte-hash OP_EQUAL</c> (BIP 16).</summary>
    public bool IsPayToScriptHash => ScriptPatterns.IsPayToScriptHash(Span);

    /// <summary>True when nothing can ever spend it: OP_RETURN first, or too long to run.</summary>
    public bool IsUnspendable => Length > LengthMax || (!IsEmpty && Span[0] == (byte)Opcode.Return);

    /// <summary>True for a small number and one push of 2 to 40 bytes (BIP 141), with the version and the program.</summary>
    public bool IsWitnessProgram(out int version, out ReadOnlyMemory<byte> program)
    {
        var matches = ScriptPatterns.IsWitnessProgram(Span, out version);
        program = matches ? Memory[2..] : default;
        return matches;
    }

    /// <summary>
    /// Signature operations as the block limit counts them. Accurate counts the keys of a multisig whose number stands right before it;
    /// otherwise every multisig counts 20.
    /// </summary>
    public int CountSigOps(bool accurate) => SigOps.Count(Span, accurate);

    public byte[] ToArray() => Memory.ToArray();

    /// <summary>The bytes in hex.</summary>
    public string ToHex() => Hex.Encode(Span);

    /// <summary>The operations in words, pushes in hex; "[error]" where a push is cut short.</summary>
    public string ToAssembly() => ScriptPatterns.ToAssembly(Span);

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
