using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Hashing;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>
/// Everything of a key that is drawn, from one seed: keyed BLAKE3 as a pseudorandom function, whose output is read as 31-bit words and words from p on
/// are skipped, so elements are uniform.
/// </summary>
internal sealed class XmssSecrets : IDisposable
{
    private const byte ParameterPurpose = 1;
    private const byte ChainPurpose = 2;
    private const byte PaddingPurpose = 3;
    private const byte RandomnessPurpose = 4;

    private readonly byte[] _seed;

    public XmssSecrets(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Bytes32.Length)
            throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        _seed = seed.ToArray();
        Parameter = new KoalaBear[Xmss.ParameterElements];
        Draw(ParameterPurpose, 0, 0, default, Parameter);
    }

    /// <summary>The public parameter.</summary>
    public KoalaBear[] Parameter { get; }

    /// <summary>The starts of all chains of a one-time key.</summary>
    public void Chains(uint index, Span<KoalaBear> starts) => Draw(ChainPurpose, index, 0, default, starts);

    /// <summary>What stands for a subtree of one-time keys that are not in use.</summary>
    public TreeDigest Padding(int level, uint index)
    {
        Span<KoalaBear> digest = stackalloc KoalaBear[Xmss.DigestElements];
        Draw(PaddingPurpose, index, (uint)level, default, digest);
        return new TreeDigest(digest);
    }

    /// <summary>The randomness of a try at hashing a message. It depends on the message, so nobody knows it before the message is chosen.</summary>
    public void Randomness(uint index, uint attempt, TreeDigest message, Span<KoalaBear> randomness)
    {
        var bytes = message.ToBytes32();
        Draw(RandomnessPurpose, index, attempt, bytes.Span, randomness);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_seed);

    private void Draw(byte purpose, uint first, uint second, ReadOnlySpan<byte> context, Span<KoalaBear> elements)
    {
        Span<byte> input = stackalloc byte[13 + Bytes32.Length];
        input[0] = purpose;
        BinaryPrimitives.WriteUInt32LittleEndian(input[1..], first);
        BinaryPrimitives.WriteUInt32LittleEndian(input[5..], second);
        context.CopyTo(input[13..]);
        var output = new byte[sizeof(uint) * (elements.Length + 16)];
        var filled = 0;
        for (var round = 0u; filled < elements.Length; round++)
        {
            // A word in 128 is skipped, so one round nearly always suffices.
            BinaryPrimitives.WriteUInt32LittleEndian(input[9..], round);
            Blake3.CreateKeyed(_seed).Update(input[..(13 + context.Length)]).Finish(output);
            for (var i = 0; i < output.Length && filled < elements.Length; i += sizeof(uint))
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(output.AsSpan(i)) & 0x7fffffff;
                if (word < KoalaBear.Modulus)
                    elements[filled++] = KoalaBear.FromUInt32(word);
            }
        }

        CryptographicOperations.ZeroMemory(output);
    }
}
