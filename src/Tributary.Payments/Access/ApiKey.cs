namespace Tributary.Payments.Access;

/// <summary>What a key's holder may act on. The key itself is known by its hash only.</summary>
/// <param name="Id">The key's name, which is no secret.</param>
/// <param name="StoreId">The store whose objects it sees.</param>
/// <param name="IsLive">Real money; otherwise the embedded chain's and test cards.</param>
public sealed record ApiKey(string Id, string StoreId, bool IsLive);
