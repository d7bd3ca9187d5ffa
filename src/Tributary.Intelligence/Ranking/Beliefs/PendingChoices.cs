namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>Which of the latest choices still wait for their outcome: each outcome counts once, and none after its place was taken.</summary>
internal sealed class PendingChoices(int capacity)
{
    private readonly ulong[] _open = new ulong[capacity];

    /// <summary>The number of the latest choice; the first is 1.</summary>
    public ulong Latest { get; private set; }

    public ulong Open()
    {
        OpenAt(Latest + 1);
        return Latest;
    }

    public void OpenAt(ulong sequence)
    {
        _open[sequence % (ulong)_open.Length] = sequence;
        Latest = Math.Max(Latest, sequence);
    }

    /// <summary>True once per choice.</summary>
    public bool TryClose(ulong sequence)
    {
        ref var slot = ref _open[sequence % (ulong)_open.Length];
        if (sequence == 0 || slot != sequence)
            return false;
        slot = 0;
        return true;
    }
}
