using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Lnurl;
using Tributary.Primitives.Results;
using Tributary.Server.Backups;
using Tributary.Server.Chain;
using Tributary.Server.Data;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Payments;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;

namespace Tributary.Server.Modes;

/// <summary>Opens what a half stands on.</summary>
internal static class HalfStart
{
    /// <summary>Opens chain, folder and database, and makes the first store and its key in a fresh folder.</summary>
    /// <returns>The half, or why there is none; nothing stays open then.</returns>
    public static async Task<Result<ModeHalf, Refusal>> OpenAsync(ServerOptions options, bool isLive, TimeProvider clock, CancellationToken cancellationToken)
    {
        var opened = options.BitcoindUrl is { } address ? ChainSources.OpenBitcoind(options, address, clock) : ChainSources.OpenEmbedded(options, clock);
        if (!opened.TryGet(out var source, out var refusal))
            return refusal;
        if (!PriceSources.Open(options, clock).TryGet(out var prices, out refusal) || !OpenFolder(options).TryGet(out var place, out refusal))
        {
            await source.DisposeAsync();
            return refusal;
        }

        IDatabase? database = null;
        try
        {
            var seen = await ChainSources.LookAsync(options, clock, cancellationToken);
            if (await ChainBinding.CheckAsync(options, seen, cancellationToken) is { } elsewhere)
            {
                await source.DisposeAsync();
                place.Folder.Dispose();
                return elsewhere;
            }

            database = await PaymentStart.OpenAsync(place.Folder, place.Postgres, clock, cancellationToken);
            await ChainBinding.NoteAsync(options, seen, cancellationToken);
            var ids = new ObjectIds(SystemEntropy.Instance, isLive);
            var secret = isLive
                ? await PaymentStart.EnsureLiveKeyAsync(database, ids, clock, cancellationToken)
                : await PaymentStart.EnsureTestKeyAsync(database, ids, clock, options.DataFolder, cancellationToken);
            var box = await PaymentStart.OpenSealAsync(SystemEntropy.Instance, options.DataFolder, cancellationToken);
            var isReal = isLive || options.Network == BitcoinNetwork.Mainnet;
            var greenfieldKey = isLive ? await GreenfieldStart.EnsureLiveKeyAsync(database, ids, clock, cancellationToken)
                : isReal ? null
                : await GreenfieldStart.EnsureKeyAsync(database, ids, clock, options.DataFolder, cancellationToken);
            var shopKey = isReal ? null : await GreenfieldStart.EnsureShopKeyAsync(database, ids, clock, options.DataFolder, PaymentStart.FirstStore, cancellationToken);
            var restored = await RestoredStart.TakeAsync(options.DataFolder, database, clock, cancellationToken);
            var names = new LightningNames(clock);
            await database.WriteAsync(
                async (transaction, token) =>
                {
                    await names.EnsureDefaultAsync(transaction, PaymentStart.FirstStore, isReal, token);
                    return true;
                },
                cancellationToken);
            var info = new DatabaseInfo(
                place.Postgres is null ? DatabaseInfo.Sqlite : DatabaseInfo.Postgres, place.Postgres?.ToString() ?? Path.Combine(options.DataFolder, PaymentStart.SqliteFile));
            return new ModeHalf(options, isLive, source, prices, database, info, ids, box, secret) { GreenfieldKey = greenfieldKey, ShopKey = shopKey, Restored = restored };
        }
        catch (Exception exception) when (exception is DatabaseLostException or MigrationException)
        {
            await source.DisposeAsync();
            if (database is not null)
                await database.DisposeAsync();
            place.Folder.Dispose();
            return new Refusal(options.Database is not null ? isLive ? "--live-database" : "--database" : "--data", exception.Message);
        }
    }

    private static Result<(ServerFolder Folder, PostgresAddress? Postgres), Refusal> OpenFolder(ServerOptions options)
    {
        PostgresAddress? postgres = null;
        if (options.Database is { } address && !PostgresAddress.Parse(address, Environment.GetEnvironmentVariable).TryGet(out postgres, out var refusal))
            return refusal;
        return ServerFolder.Take(options.DataFolder).Then<(ServerFolder, PostgresAddress?)>(folder => (folder, postgres));
    }
}
