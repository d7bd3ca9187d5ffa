using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Proofs.Fields;
using Tributary.Proofs.Poseidon2;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Signatures;

/// <summary>
/// A secret key. Making it runs every chain of the one-time keys in use; it keeps the nodes from the roots of subtrees of 256 one-time keys up and
/// makes a subtree anew when it signs with one of them. It does not know which indices are spent: <see cref="SigningIndex"/> does. One owner, who
/// disposes it; not for several threads at once.
/// </summary>
public sealed class XmssKey : IDisposable
{
    /// <summary>The greatest height of the subtrees that are made as a whole.</summary>
    private const int MaxBottom = 8;

    /// <summary>One-time keys made side by side.</summary>
    private const int Batch = 16;

    private readonly XmssSecrets _secrets;
    private readonly int _logLifetime;
    private readonly int _bottom;
    private readonly uint _subtrees;
    private readonly TreeDigest[][] _upper;
    private readonly TreeDigest[] _last;
    private (uint Subtree, TreeDigest[][] Levels)? _cached;

    private XmssKey(XmssSecrets secrets, XmssKeyOptions options, CancellationToken cancellationToken)
    {
        _secrets = secrets;
        _logLifetime = options.LogLifetime;
        _bottom = Math.Min(MaxBottom, _logLifetime);
        var all = 1u << (_logLifetime - _bottom);
        var wanted = ((options.Active ?? (1UL << _logLifetime)) + (1UL << _bottom) - 1) >> _bottom;
        _subtrees = (uint)Math.Clamp(wanted, 1, all);
        var roots = new TreeDigest[_subtrees];
        var done = 0u;
        Parallel.For(
            0,
            (long)_subtrees,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
            subtree =>
            {
                roots[subtree] = MakeSubtree((uint)subtree)[^1][0];
                options.Progress?.Report(Interlocked.Increment(ref done) / (double)_subtrees);
            });
        var lastRoot = _subtrees == all ? roots[^1] : MakeSubtree(all - 1)[^1][0];
        (_upper, _last) = MakeUpper(roots, lastRoot);
        var keyRoot = XmssHash.KeyRoot(_upper[^1][0], _secrets.Parameter, _logLifetime);
        PublicKey = new XmssPublicKey(keyRoot.ToBytes32(), new KeyParameters(KeyParameters.Xmss, (byte)_logLifetime));
    }

    public XmssPublicKey PublicKey { get; }

    /// <summary>One-time keys in use, from the first on.</summary>
    public uint Active => (uint)Math.Min((ulong)_subtrees << _bottom, 1UL << _logLifetime);

    /// <summary>Makes the key of a seed of 32 bytes. The same seed and options give the same key.</summary>
    public static XmssKey Create(ReadOnlySpan<byte> seed, XmssKeyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.LogLifetime is < 1 or > KeyParameters.MaxLogLifetime || options.Threads < 1)
            throw new ArgumentException($"log2 of the lifetime lies between 1 and {KeyParameters.MaxLogLifetime}, and there is a thread.", nameof(options));
        var secrets = new XmssSecrets(seed);
        try
        {
            return new XmssKey(secrets, options, cancellationToken);
        }
        catch
        {
            secrets.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Signs a message with a one-time key. Two messages under one index give both away: only <see cref="SigningIndex"/> decides which index is next.
    /// Refused where the one-time key was not made.
    /// </summary>
    public Result<byte[], Refusal> Sign(uint index, TreeDigest message)
    {
        var subtree = index >> _bottom;
        if (index > PublicKey.Parameters.LastIndex || (subtree >= _subtrees && subtree != (PublicKey.Parameters.LastIndex >> _bottom)))
            return new Refusal("index", $"this key was made for the first {Active} indices and the last");
        Span<KoalaBear> randomness = stackalloc KoalaBear[Xmss.RandomnessElements];
        Span<byte> digits = stackalloc byte[Xmss.Chains];
        if (!TryHashMessage(index, message, randomness, digits))
            return new Refusal("message", $"no encoding in {Xmss.MaxAttempts} tries");

        // Chain c goes digit c steps from its start.
        var values = new KoalaBear[Xmss.Chains * Xmss.DigestElements];
        _secrets.Chains(index, values);
        Advance(values, digits, index);
        var writer = new ByteWriter(Xmss.SignatureLength(_logLifetime));
        Write(writer, randomness);
        Write(writer, _secrets.Parameter);
        Write(writer, values);
        WritePath(writer, index);
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return writer.ToArray();
    }

    public void Dispose() => _secrets.Dispose();

    private bool TryHashMessage(uint index, TreeDigest message, Span<KoalaBear> randomness, Span<byte> digits)
    {
        const int width = XmssHash.WideWidth;
        var rows = new KoalaBear[Batch * width];
        var hashes = new KoalaBear[Batch * XmssHash.MessageElements];
        for (var attempt = 0u; attempt < Xmss.MaxAttempts; attempt += Batch)
        {
            for (var i = 0; i < Batch; i++)
            {
                _secrets.Randomness(index, attempt + (uint)i, message, randomness);
                XmssHash.WriteMessage(rows.AsSpan(i * width, width), _secrets.Parameter, index, randomness, message);
            }

            Poseidon2Compression.CompressRows(Poseidon2Parameters.Width24, rows, hashes, XmssHash.MessageElements);
            for (var i = 0; i < Batch; i++)
            {
                if (!XmssHash.TryEncode(hashes.AsSpan(i * XmssHash.MessageElements, XmssHash.MessageElements), digits))
                    continue;
                _secrets.Randomness(index, attempt + (uint)i, message, randomness);
                return true;
            }
        }

        return false;
    }

    private void Advance(Span<KoalaBear> values, ReadOnlySpan<byte> digits, uint index)
    {
        Span<KoalaBear> row = stackalloc KoalaBear[XmssHash.ChainWidth];
        Span<KoalaBear> next = stackalloc KoalaBear[Xmss.DigestElements];
        for (var chain = 0; chain < Xmss.Chains; chain++)
        {
            var value = values.Slice(chain * Xmss.DigestElements, Xmss.DigestElements);
            for (var step = 0; step < digits[chain]; step++)
            {
                XmssHash.WriteChain(row, value, _secrets.Parameter, index, chain, step);
                Poseidon2Permutation.Compress(Poseidon2Parameters.Width16, row, next);
                next.CopyTo(value);
            }
        }
    }

    private void WritePath(ByteWriter writer, uint index)
    {
        var subtree = index >> _bottom;
        if (_cached is not { } cached || cached.Subtree != subtree)
            _cached = cached = (subtree, MakeSubtree(subtree));
        for (var level = 0; level < _bottom; level++)
            Write(writer, cached.Levels[level][((index >> level) & ((1u << (_bottom - level)) - 1)) ^ 1].Span);
        for (var level = _bottom; level < _logLifetime; level++)
            Write(writer, Upper(_upper, _last, level, (index >> level) ^ 1).Span);
    }

    /// <summary>All nodes of one subtree, from the leaves to its root.</summary>
    private TreeDigest[][] MakeSubtree(uint subtree)
    {
        var leaves = new TreeDigest[1 << _bottom];
        var size = Math.Min(Batch, leaves.Length);
        var values = new KoalaBear[size * Xmss.Chains * Xmss.DigestElements];
        var digests = new KoalaBear[size * Xmss.DigestElements];
        var from = new byte[size * Xmss.Chains];
        var indices = new uint[size];
        for (var start = 0; start < leaves.Length; start += size)
        {
            for (var i = 0; i < size; i++)
            {
                indices[i] = (subtree << _bottom) + (uint)(start + i);
                _secrets.Chains(indices[i], values.AsSpan(i * Xmss.Chains * Xmss.DigestElements, Xmss.Chains * Xmss.DigestElements));
            }

            XmssHash.RunChains(values, from, _secrets.Parameter, indices);
            XmssHash.Leaves(values, _secrets.Parameter, indices, digests);
            for (var i = 0; i < size; i++)
                leaves[start + i] = new TreeDigest(digests.AsSpan(i * Xmss.DigestElements, Xmss.DigestElements));
        }

        var levels = new TreeDigest[_bottom + 1][];
        levels[0] = leaves;
        for (var level = 1; level <= _bottom; level++)
        {
            levels[level] = new TreeDigest[1 << (_bottom - level)];
            for (var i = 0; i < levels[level].Length; i++)
                levels[level][i] = Join(levels[level - 1][2 * i], levels[level - 1][(2 * i) + 1], level, (subtree << (_bottom - level)) + (uint)i);
        }

        return levels;
    }

    /// <summary>The nodes from the roots of subtrees up: those above what is in use from the left, and those above the last.</summary>
    private (TreeDigest[][] Prefix, TreeDigest[] Last) MakeUpper(TreeDigest[] roots, TreeDigest lastRoot)
    {
        var prefix = new TreeDigest[_logLifetime - _bottom + 1][];
        var last = new TreeDigest[_logLifetime - _bottom + 1];
        (prefix[0], last[0]) = (roots, lastRoot);
        for (var level = _bottom + 1; level <= _logLifetime; level++)
        {
            var below = prefix[level - 1 - _bottom];
            var nodes = prefix[level - _bottom] = new TreeDigest[(below.Length + 1) / 2];
            for (var i = 0u; i < nodes.Length; i++)
                nodes[i] = Above(level, i);
            last[level - _bottom] = Above(level, (1u << (_logLifetime - level)) - 1);
        }

        return (prefix, last);

        TreeDigest Above(int level, uint index) =>
            Join(Upper(prefix, last, level - 1, 2 * index), Upper(prefix, last, level - 1, (2 * index) + 1), level, index);
    }

    private TreeDigest Upper(TreeDigest[][] prefix, TreeDigest[] last, int level, uint index)
    {
        var nodes = prefix[level - _bottom];
        if (index < nodes.Length)
            return nodes[index];
        return index == (1u << (_logLifetime - level)) - 1 ? last[level - _bottom] : _secrets.Padding(level, index);
    }

    private TreeDigest Join(TreeDigest left, TreeDigest right, int level, uint index) => XmssHash.Node(left, right, _secrets.Parameter, level, index);

    private static void Write(ByteWriter writer, ReadOnlySpan<KoalaBear> elements)
    {
        foreach (var element in elements)
            writer.WriteUInt32LittleEndian(element.Value);
    }
}
