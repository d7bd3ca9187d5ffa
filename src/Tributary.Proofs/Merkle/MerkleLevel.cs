using Tributary.Primitives.Bytes;
using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Merkle;

/// <summary>
/// The nodes of one level, as eight planes of words. Node e belongs to coset e mod b and is stored coset after coset, as the rows are; a level with
/// fewer nodes than cosets is stored in order. Node e of a level of m nodes is the parent of nodes e and e + m of the level below.
/// </summary>
internal sealed unsafe class MerkleLevel : IDisposable
{
    private readonly FieldBuffer _words;
    private readonly int _logCosets;

    public MerkleLevel(int logSize, int logBlowup, ProverMemory? memory)
    {
        LogSize = logSize;
        _logCosets = Math.Min(logSize, logBlowup);
        _words = new FieldBuffer(8L << logSize, memory);
    }

    public int LogSize { get; }

    public int Size => 1 << LogSize;

    /// <summary>Cosets that the nodes fall into.</summary>
    public int Cosets => 1 << _logCosets;

    /// <summary>Nodes in each coset.</summary>
    public int NodesPerCoset => 1 << (LogSize - _logCosets);

    /// <summary>The first word of the node at a place; the others follow <see cref="Size"/> words apart.</summary>
    public uint* Words(int coset, int row) => _words.Words + (coset * NodesPerCoset) + row;

    /// <summary>Node <paramref name="index"/> as bytes.</summary>
    public Bytes32 Digest(int index)
    {
        Span<uint> words = stackalloc uint[8];
        var first = Words(index & (Cosets - 1), index >> _logCosets);
        for (var i = 0; i < 8; i++)
            words[i] = first[i * Size];
        return MerkleDigest.FromWords(words);
    }

    public void Dispose() => _words.Dispose();
}
