namespace Tributary.Rollup.Api;

/// <summary>A receipt that is void.</summary>
public sealed record RevocationView(ulong Number, string Operation, uint? Account, ErrorView Why);
