using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>The challenges of the lookup argument and the grouping of a table's messages, laid out for vector code.</summary>
internal readonly unsafe struct LookupColumns
{
    /// <summary>Messages in each batch.</summary>
    public int* BatchSizes { get; init; }

    /// <summary>Batches.</summary>
    public int Batches { get; init; }

    /// <summary>Five words of γ, and five of the share S/n.</summary>
    public uint* Gamma { get; init; }

    public uint* ShareWords { get; init; }

    /// <summary>Five words of each power of β, from the first.</summary>
    public uint* BetaPowers { get; init; }

    /// <summary>The table's total divided by its height.</summary>
    public Quintic<T> Share<T>()
        where T : unmanaged, IPackedField<T> => Broadcast<T>(ShareWords);

    /// <summary>The fingerprints of one message in each lane.</summary>
    public Quintic<T> Fingerprint<T>(Bus bus, ReadOnlySpan<T> message)
        where T : unmanaged, IPackedField<T>
    {
        var sums = stackalloc T[Extension.Degree];
        for (var k = 0; k < Extension.Degree; k++)
            sums[k] = T.Broadcast(Gamma[k]);
        sums[0] += T.FromBase(KoalaBear.FromUInt32((uint)bus.Number + 1));
        fixed (T* elements = message)
            T.AccumulateWeighted((uint*)elements, T.Width, message.Length, BetaPowers, sums);
        return new Quintic<T>(sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    private static Quintic<T> Broadcast<T>(uint* words)
        where T : unmanaged, IPackedField<T> =>
        new(T.Broadcast(words[0]), T.Broadcast(words[1]), T.Broadcast(words[2]), T.Broadcast(words[3]), T.Broadcast(words[4]));
}
