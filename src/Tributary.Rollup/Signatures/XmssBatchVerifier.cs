using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>
/// Checks many signatures side by side, each as <see cref="XmssVerifier.Verify"/> does. One signature alone leaves most lanes of the hash empty in its
/// leaf and its path, where each step waits for the one before; sixteen fill them. One owner: the memory is used again.
/// </summary>
public sealed class XmssBatchVerifier
{
    /// <summary>Signatures that are hashed together: two full vectors in every step, and what they take stays in the second-level cache.</summary>
    public const int GroupSize = 32;

    private const int KeyElements = Xmss.Chains * Xmss.DigestElements;
    private const int PathMax = 31;

    private readonly KoalaBear[] _parameters = new KoalaBear[GroupSize * Xmss.ParameterElements];
    private readonly KoalaBear[] _randomness = new KoalaBear[GroupSize * Xmss.RandomnessElements];
    private readonly KoalaBear[] _values = new KoalaBear[GroupSize * KeyElements];
    private readonly KoalaBear[] _paths = new KoalaBear[GroupSize * PathMax * Xmss.DigestElements];
    private readonly KoalaBear[] _rows = new KoalaBear[GroupSize * XmssHash.WideWidth];
    private readonly KoalaBear[] _hashes = new KoalaBear[GroupSize * Xmss.DigestElements];
    private readonly KoalaBear[] _digests = new KoalaBear[GroupSize * Xmss.DigestElements];
    private readonly byte[] _digits = new byte[GroupSize * Xmss.Chains];
    private readonly uint[] _indices = new uint[GroupSize];
    private readonly int[] _lifetimes = new int[GroupSize];
    private readonly int[] _places = new int[GroupSize];
    private readonly TreeDigest[] _roots = new TreeDigest[GroupSize];
    private readonly int[] _climbing = new int[GroupSize];

    /// <summary>For each claim null where the signature holds, or why it does not.</summary>
    public void Verify(ReadOnlySpan<SignedMessage> claims, Span<Refusal?> refusals)
    {
        if (refusals.Length != claims.Length)
            throw new ArgumentException("One refusal for each claim.", nameof(refusals));
        for (var first = 0; first < claims.Length; first += GroupSize)
        {
            var count = Math.Min(GroupSize, claims.Length - first);
            VerifyGroup(claims.Slice(first, count), refusals.Slice(first, count));
        }
    }

    private void VerifyGroup(ReadOnlySpan<SignedMessage> claims, Span<Refusal?> refusals)
    {
        // What is no signature at all leaves the group before anything is hashed, and what has no encoding before its chains are.
        var count = 0;
        for (var i = 0; i < claims.Length; i++)
        {
            if ((refusals[i] = Read(claims[i], count)) is null)
                _places[count++] = i;
        }

        count = Encode(claims, refusals, count);
        if (count == 0)
            return;
        var parameters = _parameters.AsSpan(0, count * Xmss.ParameterElements);
        var indices = _indices.AsSpan(0, count);
        XmssHash.RunChains(_values.AsSpan(0, count * KeyElements), _digits.AsSpan(0, count * Xmss.Chains), parameters, indices);
        XmssHash.Leaves(_values.AsSpan(0, count * KeyElements), parameters, indices, _digests.AsSpan(0, count * Xmss.DigestElements));
        Climb(count);
        for (var i = 0; i < count; i++)
            XmssHash.WriteKeyRoot(Row(i), new TreeDigest(Digest(i)), Parameter(i), _lifetimes[i]);
        Compress(count, _hashes, Xmss.DigestElements);
        for (var i = 0; i < count; i++)
        {
            if (!_roots[i].Span.SequenceEqual(_hashes.AsSpan(i * Xmss.DigestElements, Xmss.DigestElements)))
                refusals[_places[i]] = XmssVerifier.DoesNotHold;
        }
    }

    private Refusal? Read(in SignedMessage claim, int slot)
    {
        if (XmssVerifier.Check(claim.Key, claim.Index, claim.Signature.Length, out _roots[slot]) is { } refusal)
            return refusal;
        int lifetime = claim.Key.Parameters.LogLifetime;
        (_indices[slot], _lifetimes[slot]) = (claim.Index, lifetime);
        var bytes = claim.Signature.Span;
        return XmssVerifier.TryReadElements(ref bytes, _randomness.AsSpan(slot * Xmss.RandomnessElements, Xmss.RandomnessElements))
            && XmssVerifier.TryReadElements(ref bytes, Parameter(slot))
            && XmssVerifier.TryReadElements(ref bytes, _values.AsSpan(slot * KeyElements, KeyElements))
            && XmssVerifier.TryReadElements(ref bytes, _paths.AsSpan(slot * PathMax * Xmss.DigestElements, lifetime * Xmss.DigestElements))
            ? null
            : XmssVerifier.NoElement;
    }

    /// <summary>The digits of the messages; what has none is refused, and the others close up.</summary>
    private int Encode(ReadOnlySpan<SignedMessage> claims, Span<Refusal?> refusals, int count)
    {
        for (var i = 0; i < count; i++)
            XmssHash.WriteMessage(Row(i), Parameter(i), _indices[i], _randomness.AsSpan(i * Xmss.RandomnessElements, Xmss.RandomnessElements), claims[_places[i]].Message);
        Compress(count, _hashes, XmssHash.MessageElements);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (!XmssHash.TryEncode(_hashes.AsSpan(i * XmssHash.MessageElements, XmssHash.MessageElements), _digits.AsSpan(kept * Xmss.Chains, Xmss.Chains)))
            {
                refusals[_places[i]] = XmssVerifier.NoEncoding;
                continue;
            }

            if (kept < i)
                Move(i, kept);
            kept++;
        }

        return kept;
    }

    private void Move(int from, int to)
    {
        (_places[to], _indices[to], _lifetimes[to], _roots[to]) = (_places[from], _indices[from], _lifetimes[from], _roots[from]);
        Parameter(from).CopyTo(Parameter(to));
        _values.AsSpan(from * KeyElements, KeyElements).CopyTo(_values.AsSpan(to * KeyElements));
        _paths.AsSpan(from * PathMax * Xmss.DigestElements, PathMax * Xmss.DigestElements).CopyTo(_paths.AsSpan(to * PathMax * Xmss.DigestElements));
    }

    /// <summary>From the leaves to the roots, level by level; a key of a shorter life has arrived before the others.</summary>
    private void Climb(int count)
    {
        for (var level = 1; ; level++)
        {
            var rows = 0;
            for (var i = 0; i < count; i++)
            {
                if (level > _lifetimes[i])
                    continue;
                var own = new TreeDigest(Digest(i));
                var sibling = new TreeDigest(_paths.AsSpan(((i * PathMax) + level - 1) * Xmss.DigestElements, Xmss.DigestElements));
                var isRight = ((_indices[i] >> (level - 1)) & 1) != 0;
                XmssHash.WriteNode(Row(rows), isRight ? sibling : own, isRight ? own : sibling, Parameter(i), level, (uint)((ulong)_indices[i] >> level));
                _climbing[rows++] = i;
            }

            if (rows == 0)
                return;
            Compress(rows, _hashes, Xmss.DigestElements);
            for (var row = 0; row < rows; row++)
                _hashes.AsSpan(row * Xmss.DigestElements, Xmss.DigestElements).CopyTo(Digest(_climbing[row]));
        }
    }

    private void Compress(int rows, KoalaBear[] outputs, int outputLength) => Poseidon2Compression.CompressRows(
        Poseidon2Parameters.Width24, _rows.AsSpan(0, rows * XmssHash.WideWidth), outputs.AsSpan(0, rows * outputLength), outputLength);

    private Span<KoalaBear> Row(int row) => _rows.AsSpan(row * XmssHash.WideWidth, XmssHash.WideWidth);

    private Span<KoalaBear> Parameter(int slot) => _parameters.AsSpan(slot * Xmss.ParameterElements, Xmss.ParameterElements);

    private Span<KoalaBear> Digest(int slot) => _digests.AsSpan(slot * Xmss.DigestElements, Xmss.DigestElements);
}
