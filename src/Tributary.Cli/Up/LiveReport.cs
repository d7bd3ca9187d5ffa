namespace Tributary.Cli.Up;

/// <summary>The live half of a server.</summary>
/// <param name="Network">The Bitcoin network of live keys.</param>
/// <param name="Chain">"bitcoind".</param>
/// <param name="DataFolder">Where its money lies.</param>
/// <param name="Database">Where its payments are.</param>
/// <param name="SecretKey">The live secret key that was made at its first start; null at all others.</param>
/// <param name="GreenfieldApiKey">The same for clients of BTCPay's Greenfield dialect.</param>
/// <param name="StoreId">The store of both keys.</param>
internal sealed record LiveReport(string Network, string Chain, string DataFolder, string Database, string? SecretKey, string? GreenfieldApiKey, string StoreId);
