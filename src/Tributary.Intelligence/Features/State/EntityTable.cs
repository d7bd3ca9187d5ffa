using System.Numerics;
using Tributary.Intelligence.Features.Planning;
using Tributary.Intelligence.Privacy;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Pseudonyms and their states: an open-addressed index over slots, states of one length side by side. Slots are never empty: at the bound a
/// newcomer takes the slot of the entity idle the longest of sixteen looked at in turn, so that a replay forgets the same ones.
/// </summary>
internal sealed class EntityTable
{
    private const int ProbesToForget = 16;
    private const int ChunkBits = 8;
    private const int ChunkSlots = 1 << ChunkBits;

    private readonly int _stateLength;
    private readonly int _maxEntities;
    private readonly List<long[]> _states = [];
    private Pseudonym[] _keys = new Pseudonym[ChunkSlots];
    private int[] _index = new int[4 * ChunkSlots];
    private int _shift = 64 - ChunkBits - 2;
    private int _hand;

    public EntityTable(int stateLength, int maxEntities)
    {
        _stateLength = stateLength;
        _maxEntities = maxEntities;
    }

    /// <summary>Entities remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Where the next look for an idle entity begins.</summary>
    public int Hand
    {
        get => _hand;
        set => _hand = value;
    }

    public Pseudonym Key(int slot) => _keys[slot];

    public Span<long> State(int slot) => _states[slot >> ChunkBits].AsSpan((slot & (ChunkSlots - 1)) * _stateLength, _stateLength);

    /// <summary>The slot of an entity, or −1.</summary>
    public int Find(Pseudonym key)
    {
        var mask = _index.Length - 1;
        for (var place = Hash(key); ; place = (place + 1) & mask)
        {
            var slot = _index[place] - 1;
            if (slot < 0 || _keys[slot] == key)
                return slot;
        }
    }

    /// <summary>Adds an entity while there is room; −1 at the bound. Its state is to be reset.</summary>
    public int TryAdd(Pseudonym key)
    {
        if (Count == _maxEntities)
            return -1;
        if (Count == _keys.Length)
            Grow();
        if (Count == _states.Count * ChunkSlots)
            _states.Add(new long[ChunkSlots * _stateLength]);
        var slot = Count++;
        _keys[slot] = key;
        Enter(slot);
        return slot;
    }

    /// <summary>The slot to give up, and for good measure the hand moves on.</summary>
    public int FindIdle()
    {
        var idle = -1;
        for (var probe = 0; probe < Math.Min(ProbesToForget, Count); probe++)
        {
            if (_hand >= Count)
                _hand = 0;
            var slot = _hand++;
            if (idle < 0 || State(slot)[HistoryPlan.LastTime] < State(idle)[HistoryPlan.LastTime])
                idle = slot;
        }

        return idle;
    }

    /// <summary>Puts another entity into a slot. Its state is to be reset.</summary>
    public void Replace(int slot, Pseudonym key)
    {
        Leave(slot);
        _keys[slot] = key;
        Enter(slot);
    }

    private int Hash(Pseudonym key) => (int)(((key.Low ^ BitOperations.RotateLeft(key.High, 32)) * 0x9E3779B97F4A7C15) >> _shift);

    private void Enter(int slot)
    {
        var mask = _index.Length - 1;
        var place = Hash(_keys[slot]);
        while (_index[place] != 0)
            place = (place + 1) & mask;
        _index[place] = slot + 1;
    }

    /// <summary>Takes a slot out of the index and closes the gap: later entries of the same cluster move back, so no tombstones are needed.</summary>
    private void Leave(int slot)
    {
        var mask = _index.Length - 1;
        var gap = Hash(_keys[slot]);
        while (_index[gap] != slot + 1)
            gap = (gap + 1) & mask;
        for (var place = (gap + 1) & mask; _index[place] != 0; place = (place + 1) & mask)
        {
            var home = Hash(_keys[_index[place] - 1]);
            if (((place - home) & mask) < ((place - gap) & mask))
                continue;
            _index[gap] = _index[place];
            gap = place;
        }

        _index[gap] = 0;
    }

    private void Grow()
    {
        var capacity = (int)Math.Min(2L * _keys.Length, Math.Max(_maxEntities, ChunkSlots));
        Array.Resize(ref _keys, capacity);
        if (_index.Length >= 2 * capacity)
            return;
        _index = new int[4 * BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _shift = 64 - BitOperations.Log2((uint)_index.Length);
        for (var slot = 0; slot < Count; slot++)
            Enter(slot);
    }
}
