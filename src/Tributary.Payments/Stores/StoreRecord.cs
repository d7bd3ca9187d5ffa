namespace Tributary.Payments.Stores;

/// <summary>A store.</summary>
/// <param name="Id">Its name among stores.</param>
/// <param name="Name">What shoppers see.</param>
/// <param name="Settings">What it chose.</param>
/// <param name="IsArchived">It is out of use, and in no list.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record StoreRecord(string Id, string Name, StoreSettings Settings, bool IsArchived, DateTimeOffset CreatedAt);
