namespace Tributary.Payments.Storage;

/// <summary>Something to tell about an object that a payment's file holds: the intent, its charge, a refund, a dispute.</summary>
/// <param name="Kind">"refund.created".</param>
/// <param name="ObjectId">The object.</param>
/// <param name="Version">The object's version.</param>
public sealed record FileEvent(string Kind, string ObjectId, long Version);
