using System.Runtime.CompilerServices;

namespace Tributary.Finance.State;

/// <summary>A moment of one state, to which it can be taken back until its journal is forgotten.</summary>
public readonly struct Checkpoint
{
    private readonly Lengths _lengths;

    internal Checkpoint(LeafStore?[] stores, long generation)
    {
        Generation = generation;
        for (var i = 0; i < stores.Length; i++)
            _lengths[i] = stores[i]?.JournalLength ?? 0;
    }

    /// <summary>How often the journal had been forgotten.</summary>
    internal long Generation { get; }

    internal int Length(int store) => _lengths[store];

    [InlineArray(FinanceState.KindLimit)]
    private struct Lengths
    {
        private int _element;
    }
}
