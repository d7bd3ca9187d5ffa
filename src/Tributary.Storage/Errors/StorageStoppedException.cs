namespace Tributary.Storage.Errors;

/// <summary>
/// A store took no more because a write or a flush failed, the disk was full, or another writer took over. It never retries: what is durable
/// is unknown until it is opened anew. Whoever acts on its promises stops.
/// </summary>
public sealed class StorageStoppedException(string message, Exception? innerException) : IOException(message, innerException);
