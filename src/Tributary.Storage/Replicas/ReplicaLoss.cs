namespace Tributary.Storage.Replicas;

/// <summary>What becomes of a log whose replica cannot be written any more.</summary>
public enum ReplicaLoss
{
    /// <summary>It stops: a commit is one only with its copy.</summary>
    Stops,

    /// <summary>It goes on without, and raises <see cref="Logs.RecordLog.ReplicaLost"/>. The next opening brings the replica up to date.</summary>
    Degrades,
}
