using System.Runtime.CompilerServices;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Asks for the memory of payments that come soon, in three steps, one for each payment that is announced after them: the lines of the indexes, the
/// states, the cells and lists. A payment waits for memory three times, each time for what the time before led to; with the payments before it under
/// way, it waits for none. Nothing here changes a history.
/// </summary>
internal sealed class Anticipation(EntityHistory[] histories)
{
    /// <summary>Payments announced before the one that is taken next.</summary>
    public const int Distance = 4;

    private const int Mask = Distance - 1;

    private readonly Announced[] _ahead = new Announced[Distance];
    private readonly int[] _slots = new int[Distance * histories.Length];
    private long _announced;
    private long _taken;

    /// <summary>Announces a payment behind those announced before.</summary>
    public void Add(in PaymentEvent payment)
    {
        var first = _announced++;
        if (first - _taken >= Distance)
            _taken = first - Distance + 1;
        ref var ahead = ref _ahead[first & Mask];
        (ahead.Id, ahead.TimeMs, ahead.Entities) = (payment.Id, payment.TimeMs, payment.Entities);
        foreach (var history in histories)
            history.PrefetchIndex(ahead.Entities[(int)history.Plan.Kind]);
        if (first - 1 >= _taken)
            AskForStates((int)(first - 1) & Mask);
        if (first - 2 >= _taken)
            AskForCells((int)(first - 2) & Mask);
    }

    /// <summary>True when the payment that is taken now was announced, and its memory is there. Announcements that it overtook are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(ulong id)
    {
        while (_taken < _announced)
        {
            if (_ahead[_taken++ & Mask].Id == id)
                return _announced - _taken >= 2;
        }

        return false;
    }

    private void AskForStates(int place)
    {
        ref readonly var ahead = ref _ahead[place];
        for (var i = 0; i < histories.Length; i++)
        {
            var key = ahead.Entities[(int)histories[i].Plan.Kind];
            _slots[(place * histories.Length) + i] = key.IsNone ? -1 : histories[i].PrefetchState(key);
        }
    }

    private void AskForCells(int place)
    {
        for (var i = 0; i < histories.Length; i++)
        {
            if (_slots[(place * histories.Length) + i] is >= 0 and var slot)
                histories[i].PrefetchCells(slot, _ahead[place].TimeMs);
        }
    }

    private struct Announced
    {
        public ulong Id;
        public long TimeMs;
        public EntityKeys Entities;
    }
}
