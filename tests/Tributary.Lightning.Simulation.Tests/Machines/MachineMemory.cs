using Tributary.Lightning.Node.Backups;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Simulation.Tests.Machines;

/// <summary>What a machine remembers until its power fails.</summary>
internal sealed class MachineMemory : IRunWitness
{
    private readonly Dictionary<LogId, LogSequence> _seen = [];

    public LogSequence? Find(LogId log) => _seen.TryGetValue(log, out var through) ? through : null;

    public void Note(LogId log, LogSequence through) => _seen[log] = through;

    internal void Forget() => _seen.Clear();
}
