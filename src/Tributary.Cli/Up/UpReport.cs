namespace Tributary.Cli.Up;

/// <summary>What <c>up --json</c> prints, as one line, when the server answers.</summary>
/// <param name="Url">Where to point a browser or a client.</param>
/// <param name="Network">The Bitcoin network of test keys; all that follows but the last is theirs.</param>
/// <param name="Chain">"embedded".</param>
/// <param name="DataFolder">Where everything that must survive lies.</param>
/// <param name="Database">Where the payments are.</param>
/// <param name="TestSecretKey">The secret key for clients of Stripe's dialect; it moves no real money.</param>
/// <param name="GreenfieldApiKey">An API key for clients of BTCPay's Greenfield dialect that may do everything; null where money is real.</param>
/// <param name="StoreId">The store of the keys.</param>
/// <param name="ShopApiKey">
/// An API key of the same dialect and store with exactly what BTCPay's plugin for WooCommerce demands: it refuses one that may do more. Null where
/// money is real.
/// </param>
/// <param name="SetupUrl">Where the first owner chooses a password, once; null where there is an owner already.</param>
/// <param name="Live">What live keys act on; null where there are none.</param>
internal sealed record UpReport(
    string Url,
    string Network,
    string Chain,
    string DataFolder,
    string Database,
    string TestSecretKey,
    string? GreenfieldApiKey,
    string StoreId,
    string? ShopApiKey,
    string? SetupUrl,
    LiveReport? Live);
