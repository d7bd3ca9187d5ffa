using Tributary.Storage.Files;

namespace Tributary.Storage.Replicas;

/// <summary>A second folder that receives everything a log commits, encrypted, in the same commit.</summary>
/// <param name="Directory">The folder, which the replica has for itself; on another disk it survives the first one.</param>
/// <param name="Key">Reads it again.</param>
/// <param name="WhenLost">What happens when it fails.</param>
public sealed record ReplicaOptions(IStorageDirectory Directory, ReplicaKey Key, ReplicaLoss WhenLost = ReplicaLoss.Stops);
