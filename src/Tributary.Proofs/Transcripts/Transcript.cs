using System.Buffers.Binary;
using System.Text;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Hashing;

namespace Tributary.Proofs.Transcripts;

/// <summary>
/// Fiat–Shamir over BLAKE3: each challenge is a hash of everything before it. Every entry carries a label and its length, so no two histories read
/// the same, and a challenge is itself an entry, so no two challenges are alike. Prover and verifier run the same calls.
/// </summary>
internal sealed class Transcript
{
    private const byte AbsorbEntry = 1;
    private const byte ChallengeEntry = 2;

    /// <summary>Bytes drawn for a base field element: the residue of 256 bits is off uniform by less than 2⁻²²⁴.</summary>
    private const int BytesPerElement = 32;

    private readonly Blake3 _hasher = Blake3.CreateDerived("tributary.proofs v1 transcript");

    /// <summary>An entry that is left out: for tests that a verifier notices. Null in earnest.</summary>
    public string? SkippedEntry { get; init; }

    /// <summary>Takes in bytes under a label.</summary>
    public void Absorb(string label, ReadOnlySpan<byte> bytes)
    {
        if (string.Equals(label, SkippedEntry, StringComparison.Ordinal))
            return;
        WriteEntry(AbsorbEntry, label, (ulong)bytes.Length);
        _hasher.Update(bytes);
    }

    /// <summary>Takes in a digest under a label.</summary>
    public void Absorb(string label, Bytes32 digest) => Absorb(label, digest.Span);

    /// <summary>Takes in a number under a label.</summary>
    public void Absorb(string label, ulong number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        Absorb(label, bytes);
    }

    /// <summary>Takes in base field elements under a label.</summary>
    public void Absorb(string label, ReadOnlySpan<KoalaBear> values)
    {
        var bytes = new byte[values.Length * KoalaBear.ByteLength];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * KoalaBear.ByteLength), values[i].Word);
        Absorb(label, bytes);
    }

    /// <summary>Takes in extension elements under a label.</summary>
    public void Absorb(string label, ReadOnlySpan<Extension> values)
    {
        var bytes = new byte[values.Length * ExtensionField.ByteLength];
        for (var i = 0; i < values.Length; i++)
            ExtensionField.Write(values[i], bytes.AsSpan(i * ExtensionField.ByteLength));
        Absorb(label, bytes);
    }

    /// <summary>A challenge of the extension field.</summary>
    public Extension ChallengeExtension(string label)
    {
        Span<byte> bytes = stackalloc byte[Extension.Degree * BytesPerElement];
        Challenge(label, bytes);
        return new Extension(
            Reduce(bytes),
            Reduce(bytes[BytesPerElement..]),
            Reduce(bytes[(2 * BytesPerElement)..]),
            Reduce(bytes[(3 * BytesPerElement)..]),
            Reduce(bytes[(4 * BytesPerElement)..]));
    }

    /// <summary>
    /// A challenge outside of the base field, hence outside of every evaluation domain. A draw inside has probability p⁻⁴ ≈ 2⁻¹²⁴; it is drawn again.
    /// </summary>
    public Extension ChallengeOutOfDomain(string label)
    {
        Extension challenge;
        do
        {
            challenge = ChallengeExtension(label);
        }
        while (challenge.IsInBaseField());
        return challenge;
    }

    /// <summary>Uniform indices below 2^<paramref name="logLimit"/>, with repetitions.</summary>
    public int[] ChallengeIndices(string label, int count, int logLimit)
    {
        var bytes = new byte[count * sizeof(uint)];
        Challenge(label, bytes);
        var indices = new int[count];
        for (var i = 0; i < count; i++)
            indices[i] = (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint))) & ((1u << logLimit) - 1));
        return indices;
    }

    /// <summary>The seed of a proof of work: everything so far.</summary>
    public Bytes32 ChallengeSeed(string label)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        Challenge(label, bytes);
        return new Bytes32(bytes);
    }

    private static KoalaBear Reduce(ReadOnlySpan<byte> bytes)
    {
        var radix = KoalaBear.FromUInt64(1UL << 32);
        var result = KoalaBear.Zero;
        for (var i = BytesPerElement - sizeof(uint); i >= 0; i -= sizeof(uint))
            result = (result * radix) + KoalaBear.FromUInt32(BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]));
        return result;
    }

    private void Challenge(string label, Span<byte> destination)
    {
        WriteEntry(ChallengeEntry, label, (ulong)destination.Length);
        _hasher.Finish(destination);
    }

    private void WriteEntry(byte kind, string label, ulong length)
    {
        Span<byte> header = stackalloc byte[2 + sizeof(ulong)];
        var name = Encoding.ASCII.GetBytes(label);
        header[0] = kind;
        header[1] = checked((byte)name.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[2..], length);
        _hasher.Update(header).Update(name);
    }
}
