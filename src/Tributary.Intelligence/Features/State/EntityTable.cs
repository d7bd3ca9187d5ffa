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

    /// <summary>Slots of a chunk. The first chunk doubles up to it, so that a small store stays small; the others come whole, on large pages.</summary>
    private const int ChunkBits = 14;
    private const int FirstSlots = 256;

    private LineMemory[] _states = new LineMemory[1];
    private LineMemory _index = NewIndex(4 * FirstSlots);
    private int _shift = 64 - BitOperations.Log2(4 * FirstSlots);

    /// <summary>Entities remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Where the next look for an idle entity begins.</summary>
    public int Hand { get; set; }

    /// <summary>The state of a slot; valid until an entity is added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<long> State(int slot) => _states[slot >> ChunkBits].Slice((slot & ((1 << ChunkBits) - 1)) * stateLength, stateLength);

    /// <summary>Asks for the line of the index where a search begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(Pseudonym key) => CacheLines.Prefetch(ref _index.At((int)(Hash(key) >> _shift)));

    /// <summary>
    /// The slot that an entity has if it is known, by the index alone: one time in some billions it is another entity's. Good enough to ask for memory.
    /// </summary>
    public int Guess(Pseudonym key)
    {
        var hash = Hash(key);
        var mask = _index.Length - 1;
        for (var place = (int)(hash >> _shift); ; place = (place + 1) & mask)
        {
            var entry = _index.At(place);
            if (entry == 0)
                return -1;
            if ((uint)(entry >> 32) == (uint)hash)
                return SlotOf(entry);
        }
    }

    /// <summary>The slot of an entity, or −1.</summary>
    public int Find(Pseudonym key)
    {
        var hash = Hash(key);
        var mask = _index.Length - 1;
        for (var place = (int)(hash >> _shift); ; place = (place + 1) & mask)
        {
            var entry = _index.At(place);
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
        MakeRoom();
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
        state[HistoryPlan.Zero] = 0;
        (state[HistoryPlan.KeyHigh], state[HistoryPlan.KeyLow]) = ((long)key.High, (long)key.Low);
        EnterIndex(slot, Hash(key));
    }

    private void EnterIndex(int slot, ulong hash)
    {
        var mask = _index.Length - 1;
        var place = (int)(hash >> _shift);
        while (_index.At(place) != 0)
            place = (place + 1) & mask;
        _index.At(place) = (long)(hash << 32) | (uint)(slot + 1);
    }

    /// <summary>Takes a slot out of the index and closes the gap: later entries of the same cluster move back, so no tombstones are needed.</summary>
    private void Leave(int slot)
    {
        var mask = _index.Length - 1;
        var gap = (int)(Hash(Key(slot)) >> _shift);
        while (SlotOf(_index.At(gap)) != slot)
            gap = (gap + 1) & mask;
        for (var place = (gap + 1) & mask; _index.At(place) != 0; place = (place + 1) & mask)
        {
            var home = (int)(Hash(Key(SlotOf(_index.At(place)))) >> _shift);
            if (((place - home) & mask) < ((place - gap) & mask))
                continue;
            _index.At(gap) = _index.At(place);
            gap = place;
        }

        _index.At(gap) = 0;
    }

    /// <summary>Makes room for one more state.</summary>
    private void MakeRoom()
    {
        var chunk = Count >> ChunkBits;
        if (chunk == _states.Length)
            Array.Resize(ref _states, 2 * _states.Length);
        if (chunk > 0)
        {
            if (_states[chunk].IsNone)
                _states[chunk] = LineMemory.Allocate(stateLength << ChunkBits);
            return;
        }

        var used = Count * stateLength;
        if (!_states[0].IsNone && used < _states[0].Length)
            return;
        var grown = LineMemory.Allocate(_states[0].IsNone ? FirstSlots * stateLength : 2 * used);
        if (used > 0)
            _states[0].Slice(0, used).CopyTo(grown.Slice(0, used));
        _states[0] = grown;
    }

    private static LineMemory NewIndex(int length)
    {
        var index = LineMemory.Allocate(length);
        index.Slice(0, length).Clear();
        return index;
    }

    private void Rebuild()
    {
        _index = NewIndex(4 * _index.Length);
        _shift = 64 - BitOperations.Log2((uint)_index.Length);
        for (var slot = 0; slot < Count; slot++)
            EnterIndex(slot, Hash(Key(slot)));
    }
}
