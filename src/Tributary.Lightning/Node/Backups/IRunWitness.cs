using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Backups;

/// <summary>
/// Remembers beside the disk, for as long as the machine runs, how far a node's log has come: what a snapshot of the disk that is put back does not take
/// back. A process that dies and starts again finds that its log is the newest; one whose log ends earlier has been given an old one.
/// </summary>
public interface IRunWitness
{
    /// <summary>What was noted of a log last; null where nothing was since the machine started.</summary>
    RunNote? Find(LogId log);

    /// <summary>Notes how far a log is durable, before anything leaves that rests on it.</summary>
    void Note(LogId log, RunNote note);
}
