using Tributary.Bitcoin.Chain;
using Tributary.Payments.Access;
using Tributary.Payments.Identifiers;
using Tributary.Server.Backups;
using Tributary.Server.Data;
using Tributary.Server.Payments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Modes;

/// <summary>
/// What one mode stands on: a chain, a folder, a database. Test and live have each their own, and nothing of one is reachable from the other.
/// </summary>
/// <param name="Options">As chosen for this half: its folder, network and chain.</param>
/// <param name="IsLive">Live keys, and bitcoin that is worth something or stands for it.</param>
/// <param name="Chain">Its chain source.</param>
/// <param name="Prices">Its prices.</param>
/// <param name="Database">Its database, migrated, which holds its folder.</param>
/// <param name="Place">Where that is.</param>
/// <param name="Ids">Names its objects.</param>
/// <param name="Box">Seals its secrets.</param>
/// <param name="SecretKey">The test key of the first store; of a live half the key that was made with it, at its first start only.</param>
internal sealed record ModeHalf(
    ServerOptions Options, bool IsLive, IChainSource Chain, PriceSetup Prices, IDatabase Database, DatabaseInfo Place, ObjectIds Ids, SecretBox Box, string? SecretKey) : IAsyncDisposable
{
    /// <summary>The operator's key of the Greenfield dialect; of a live half the one that was made with it, at its first start only.</summary>
    public string? GreenfieldKey { get; init; }

    /// <summary>A key of the Greenfield dialect for a shop's plugin; null where money is real, and plugins get theirs by consent.</summary>
    public string? ShopKey { get; init; }

    /// <summary>What it was restored from; null for a half that was not.</summary>
    public RestoredNote? Restored { get; init; }

    public override string ToString() => IsLive ? "live" : "test";

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Chain.DisposeAsync();
        Box.Dispose();
    }
}
