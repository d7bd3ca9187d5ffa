using System.Buffers.Binary;
using System.Text;

namespace Tributary.Proofs.Hashing;

/// <summary>
/// BLAKE3 with its three modes and extendable output, fed piece by piece. One owner; <see cref="Finish"/> leaves the state as it was, so that
/// more may follow.
/// </summary>
public sealed unsafe class Blake3
{
    /// <summary>Bytes of a key and of a digest of default length.</summary>
    public const int DigestLength = 32;

    private const int MaxDepth = 54;

    private readonly uint[] _key = new uint[8];
    private readonly Blake3Flags _mode;
    private readonly uint[] _chaining = new uint[8];
    private readonly byte[] _block = new byte[Blake3Constants.BlockLength];
    private readonly uint[] _stack = new uint[8 * MaxDepth];
    private int _blockLength;
    private int _blocksDone;
    private ulong _chunks;
    private int _depth;

    private Blake3(ReadOnlySpan<uint> key, Blake3Flags mode)
    {
        key.CopyTo(_key);
        key.CopyTo(_chaining);
        _mode = mode;
    }

    /// <summary>Plain hashing.</summary>
    public static Blake3 Create() => new(Blake3Constants.Iv, Blake3Flags.None);

    /// <summary>A keyed hash: a message authentication code under a key of 32 bytes.</summary>
    public static Blake3 CreateKeyed(ReadOnlySpan<byte> key)
    {
        if (key.Length != DigestLength)
            throw new ArgumentException("A key has 32 bytes.", nameof(key));
        Span<uint> words = stackalloc uint[8];
        ReadWords(key, words);
        return new Blake3(words, Blake3Flags.KeyedHash);
    }

    /// <summary>Hashing in a domain of its own, named by a context that is fixed, global and unique.</summary>
    public static Blake3 CreateDerived(string context)
    {
        Span<uint> words = stackalloc uint[8];
        ContextKey(context, words);
        return new Blake3(words, Blake3Flags.DeriveKeyMaterial);
    }

    /// <summary>The digest of one input.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> input)
    {
        var digest = new byte[DigestLength];
        Create().Update(input).Finish(digest);
        return digest;
    }

    /// <summary>Appends bytes to the input.</summary>
    public Blake3 Update(ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty)
        {
            if (_blockLength == Blake3Constants.BlockLength)
                CompressFullBlock();
            var take = Math.Min(input.Length, Blake3Constants.BlockLength - _blockLength);
            input[..take].CopyTo(_block.AsSpan(_blockLength));
            _blockLength += take;
            input = input[take..];
        }

        return this;
    }

    /// <summary>Writes as many bytes of output as the destination has room for.</summary>
    public void Finish(Span<byte> destination)
    {
        // The root is the last node: the chunk itself, or the parent of what the stack holds and it.
        Span<uint> chaining = stackalloc uint[8];
        Span<byte> block = stackalloc byte[Blake3Constants.BlockLength];
        _chaining.CopyTo(chaining);
        block.Clear();
        _block.AsSpan(0, _blockLength).CopyTo(block);
        var length = (uint)_blockLength;
        var counter = _chunks;
        var flags = _mode | StartFlag | Blake3Flags.ChunkEnd;
        for (var depth = _depth - 1; depth >= 0; depth--)
        {
            CompressBlock(chaining, block, counter, length, flags);
            WriteWords(_stack.AsSpan(8 * depth, 8), block);
            WriteWords(chaining, block[32..]);
            _key.CopyTo(chaining);
            (length, counter, flags) = (Blake3Constants.BlockLength, 0, _mode | Blake3Flags.Parent);
        }

        Expand(chaining, block, length, flags | Blake3Flags.Root, destination);
    }

    /// <summary>The key of a context: the hash of its name under the flag for contexts.</summary>
    internal static void ContextKey(string context, Span<uint> words)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        new Blake3(Blake3Constants.Iv, Blake3Flags.DeriveKeyContext).Update(Encoding.UTF8.GetBytes(context)).Finish(digest);
        ReadWords(digest, words);
    }

    private Blake3Flags StartFlag => _blocksDone == 0 ? Blake3Flags.ChunkStart : Blake3Flags.None;

    private void CompressFullBlock()
    {
        const int blocksInChunk = Blake3Constants.ChunkLength / Blake3Constants.BlockLength;
        var last = _blocksDone == blocksInChunk - 1;
        CompressBlock(_chaining, _block, _chunks, Blake3Constants.BlockLength, _mode | StartFlag | (last ? Blake3Flags.ChunkEnd : Blake3Flags.None));
        _blockLength = 0;
        _blocksDone++;
        if (last)
            EndChunk();
    }

    /// <summary>A finished chunk joins every finished subtree of its own size: as many as its number, one-based, has trailing zeros.</summary>
    private void EndChunk()
    {
        Span<byte> block = stackalloc byte[Blake3Constants.BlockLength];
        _chunks++;
        for (var joins = _chunks; (joins & 1) == 0; joins >>= 1)
        {
            _depth--;
            WriteWords(_stack.AsSpan(8 * _depth, 8), block);
            WriteWords(_chaining, block[32..]);
            _key.CopyTo(_chaining, 0);
            CompressBlock(_chaining, block, 0, Blake3Constants.BlockLength, _mode | Blake3Flags.Parent);
        }

        _chaining.CopyTo(_stack, 8 * _depth);
        _depth++;
        _key.CopyTo(_chaining, 0);
        _blocksDone = 0;
    }

    private static void CompressBlock(Span<uint> chaining, ReadOnlySpan<byte> block, ulong counter, uint length, Blake3Flags flags)
    {
        var words = stackalloc uint[16];
        var pointers = stackalloc uint*[16];
        ReadWords(block, new Span<uint>(words, 16));
        for (var i = 0; i < 16; i++)
            pointers[i] = words + i;
        fixed (uint* state = chaining)
            Blake3Kernel<WordLane>.Compress((WordLane*)state, pointers, counter, length, flags);
    }

    private static void Expand(ReadOnlySpan<uint> chaining, ReadOnlySpan<byte> block, uint length, Blake3Flags flags, Span<byte> destination)
    {
        var words = stackalloc uint[16];
        var output = stackalloc uint[16];
        var pointers = stackalloc uint*[16];
        ReadWords(block, new Span<uint>(words, 16));
        for (var i = 0; i < 16; i++)
            pointers[i] = words + i;
        Span<byte> bytes = stackalloc byte[Blake3Constants.BlockLength];
        fixed (uint* state = chaining)
        {
            for (var counter = 0UL; !destination.IsEmpty; counter++)
            {
                Blake3Kernel<WordLane>.Expand((WordLane*)state, pointers, counter, length, flags, (WordLane*)output);
                WriteWords(new ReadOnlySpan<uint>(output, 16), bytes);
                var take = Math.Min(destination.Length, bytes.Length);
                bytes[..take].CopyTo(destination);
                destination = destination[take..];
            }
        }
    }

    private static void ReadWords(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
    }

    private static void WriteWords(ReadOnlySpan<uint> words, Span<byte> bytes)
    {
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], words[i]);
    }
}
