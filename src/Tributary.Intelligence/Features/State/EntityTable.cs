using System.Numerics;
using System.Runtime.CompilerServices;
using Tributary.Intelligence.Features.Planning;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// The states of entities by pseudonym: an open-addressed index of slots with a tag of the hash, and states of one length side by side, each with its
/// pseudonym. A search touches a line of the index and the state itself. Slots are never empty: at the bound a newcomer takes the slot of the entity
/// idle the longest of sixteen looked at in turn, so that a replay forgets the same ones.
/// </summary>
internal sealed class EntityTable(int stateLength, int maxEntities)
{
    private const int ProbesToForget = 16;
    private const int ChunkBits = 8;
    private const int ChunkSlots = 1 << ChunkBits;

    private long[][] _states = new long[1][];
    private long[] _index = new long[4 * ChunkSlots];
    private int _shift = 64 - ChunkBits - 2;

    /// <summary>Entities remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Where the next look for an idle entity begins.</summary>
    public int Hand { get; set; }

    /// <summary>The state of a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<long> State(int slot) => _states[slot >> ChunkBits].AsSpan((slot & (ChunkSlots - 1)) * stateLength, stateLength);

    /// <summary>Asks for the line of the index where a search begins.</summary>
    public void Prefetch(Pseudonym key) => CacheLines.Prefetch(ref _index[(int)(Hash(key) >> _shift)]);

    /// <summary>The slot of an entity, or −1.</summary>
    public int Find(Pseudonym key)
    {
        var hash = Hash(key);
        var mask = _index.Length - 1;
        for (var place = (int)(hash >> _shift); ; place = (place + 1) & mask)
        {
            var entry = _index[place];
            if (entry == 0)
                return -1;
            if ((uint)(entry >> 32) != (uint)hash)
                continue;
            var slot = SlotOf(entry);
            var state = State(slot);
            if (state[HistoryPlan.KeyLow] == (long)key.Low && state[HistoryPlan.KeyHigh] == (long)key.High)
                return slot;
        }
    }

    /// <summary>Adds an entity while there is room; −1 at the bound. Its state is to be reset.</summary>
    public int TryAdd(Pseudonym key)
    {
        if (Count == maxEntities)
            return -1;
        if (Count >> ChunkBits == _states.Length)
            Array.Resize(ref _states, 2 * _states.Length);
        _states[Count >> ChunkBits] ??= new long[ChunkSlots * stateLength];
        if (2 * (Count + 1) > _index.Length)
            Rebuild();
        Enter(Count, key);
        return Count++;
    }

    /// <summary>The slot to give up, of those next in turn.</summary>
    public int FindIdle()
    {
        var idle = -1;
        for (var probe = 0; probe < Math.Min(ProbesToForget, Count); probe++)
        {
            if (Hand >= Count)
                Hand = 0;
            var slot = Hand++;
            if (idle < 0 || State(slot)[HistoryPlan.LastTime] < State(idle)[HistoryPlan.LastTime])
                idle = slot;
        }

        return idle;
    }

    /// <summary>Puts another entity into a slot. Its state is to be reset.</summary>
    public void Replace(int slot, Pseudonym key)
    {
        Leave(slot);
        Enter(slot, key);
    }

    /// <summary>The pseudonym of a slot.</summary>
    public Pseudonym Key(int slot) => new((ulong)State(slot)[HistoryPlan.KeyHigh], (ulong)State(slot)[HistoryPlan.KeyLow]);

    private static ulong Hash(Pseudonym key) => SeededGenerator.Mix(key.Low ^ BitOperations.RotateLeft(key.High, 32));

    private static int SlotOf(long entry) => (int)entry - 1;

    private void Enter(int slot, Pseudonym key)
    {
        var state = State(slot);
        (state[HistoryPlan.KeyHigh], state[HistoryPlan.KeyLow]) = ((long)key.High, (long)key.Low);
        EnterIndex(slot, Hash(key));
    }

    private void EnterIndex(int slot, ulong hash)
    {
        var mask = _index.Length - 1;
        var place = (int)(hash >> _shift);
        while (_index[place] != 0)
            place = (place + 1) & mask;
        _index[place] = (long)(hash << 32) | (uint)(slot + 1);
    }

    /// <summary>Takes a slot out of the index and closes the gap: later entries of the same cluster move back, so no tombstones are needed.</summary>
    private void Leave(int slot)
    {
        var mask = _index.Length - 1;
        var gap = (int)(Hash(Key(slot)) >> _shift);
        while (SlotOf(_index[gap]) != slot)
            gap = (gap + 1) & mask;
        for (var place = (gap + 1) & mask; _index[place] != 0; place = (place + 1) & mask)
        {
            var home = (int)(Hash(Key(SlotOf(_index[place]))) >> _shift);
            if (((place - home) & mask) < ((place - gap) & mask))
                continue;
            _index[gap] = _index[place];
            gap = place;
        }

        _index[gap] = 0;
    }

    private void Rebuild()
    {
        _index = new long[4 * _index.Length];
        _shift = 64 - BitOperations.Log2((uint)_index.Length);
        for (var slot = 0; slot < Count; slot++)
            EnterIndex(slot, Hash(Key(slot)));
    }
}
