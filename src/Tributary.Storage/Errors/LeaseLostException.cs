namespace Tributary.Storage.Errors;

/// <summary>Another writer took the lease. What this one still wanted to write is not acknowledged.</summary>
public sealed class LeaseLostException(string message) : IOException(message);
