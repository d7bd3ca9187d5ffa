using Tributary.Lightning.Node.Backups;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Simulation.Tests.Machines;

/// <summary>What a machine remembers until its power fails.</summary>
internal sealed class MachineMemory : IRunWitness
{
    private readonly Dictionary<LogId, RunNote> _seen = [];

    public RunNote? Find(LogId log) => _seen.TryGetValue(log, out var note) ? note : null;

    public void Note(LogId log, RunNote note) => _seen[log] = note;

    internal void Forget() => _seen.Clear();
}
