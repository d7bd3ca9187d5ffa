using Tributary.Primitives.Randomness;

namespace Tributary.Testing.Storage;

/// <summary>The names of a simulated folder: as the system shows them, as they are on the medium, and the steps between.</summary>
internal sealed class SimulatedFolder(string name)
{
    private readonly List<Action<SortedDictionary<string, SimulatedContent>>> _steps = [];
    private SortedDictionary<string, SimulatedContent> _durable = new(StringComparer.Ordinal);

    internal string Name => name;

    internal SortedDictionary<string, SimulatedContent> Names { get; private set; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Locks { get; } = new(StringComparer.Ordinal);

    internal void Change(Action<SortedDictionary<string, SimulatedContent>> step)
    {
        step(Names);
        _steps.Add(step);
    }

    internal void Sync()
    {
        _durable = new SortedDictionary<string, SimulatedContent>(Names, StringComparer.Ordinal);
        _steps.Clear();
    }

    /// <summary>File systems journal names, so they come back as they were after some step; contents each for themselves.</summary>
    internal void Crash(Xoshiro256 random)
    {
        Locks.Clear();
        foreach (var step in _steps.Take((int)(random.NextUInt64() % (ulong)(_steps.Count + 1))))
            step(_durable);
        Names = new SortedDictionary<string, SimulatedContent>(_durable, StringComparer.Ordinal);
        _steps.Clear();
        foreach (var content in Names.Values)
            content.Crash(random);
    }
}
