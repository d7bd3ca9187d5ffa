using System.Runtime.CompilerServices;

namespace Tributary.Intelligence.Training;

/// <summary>A set of bins, 0 … 255.</summary>
[InlineArray(4)]
internal struct BinSet
{
    private ulong _word;

    public readonly bool Contains(int bin) => (this[bin >> 6] >> (bin & 63) & 1) != 0;

    /// <summary>Adds every bin from 0 to this one.</summary>
    public void AddThrough(int bin)
    {
        for (var word = 0; word < bin >> 6; word++)
            this[word] = ulong.MaxValue;
        this[bin >> 6] |= ulong.MaxValue >> (63 - (bin & 63));
    }

    public void Add(int bin) => this[bin >> 6] |= 1UL << (bin & 63);
}
