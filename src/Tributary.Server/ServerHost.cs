using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Lnurl;
using Tributary.Primitives.Results;
using Tributary.Server.Backups;
using Tributary.Server.Chain;
using Tributary.Server.Checkout;
using Tributary.Server.Dashboard;
using Tributary.Server.Data;
using Tributary.Server.Demo;
using Tributary.Server.Greenfield;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.PullPayments;
using Tributary.Server.Health;
using Tributary.Server.Lnurl;
using Tributary.Server.Mail;
using Tributary.Server.Nodes;
using Tributary.Server.Payments;
using Tributary.Server.Risk;
using Tributary.Server.Shop;
using Tributary.Server.Stripe;
using Tributary.Server.Team;
using Tributary.Server.Telemetry;
using Tributary.Server.Web;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;

namespace Tributary.Server;

/// <summary>Composes the whole server: the one place that knows every part.</summary>
public static class ServerHost
{
    /// <summary>Opens what the options name and builds the server around it; the server owns the chain source.</summary>
    public static async Task<Result<WebApplication, Refusal>> BuildAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (options is { BitcoindUrl: not null, AllowsRealMoney: false } && options.Network == BitcoinNetwork.Mainnet)
            return new Refusal("--real-money", "is not given, and mainnet is real money: the Lightning node is young, so start with regtest or signet");
        if (ServerAddresses.Check(options) is { } exposed)
            return exposed;
        TlsFiles? tls = null;
        if (options is { TlsCertificateFile: { } certificate, TlsKeyFile: { } key } && !TlsFiles.Open(certificate, key, clock).TryGet(out tls, out var unusable))
            return unusable;
        if (options.OnChainDescriptor is { } descriptor && WatchedWallet.Check(descriptor, options.Network) is { } unreadable)
            return unreadable;
        var opened = options.BitcoindUrl is { } address ? ChainSources.OpenBitcoind(options, address, clock) : ChainSources.OpenEmbedded(options, clock);
        if (!opened.TryGet(out var source, out var refusal))
            return refusal;
        if (!PriceSources.Open(options, clock).TryGet(out var prices, out refusal))
        {
            await source.DisposeAsync();
            return refusal;
        }

        if (!OpenFolder(options).TryGet(out var place, out refusal))
        {
            await source.DisposeAsync();
            return refusal;
        }

        IDatabase? database = null;
        try
        {
            database = await PaymentStart.OpenAsync(place.Folder, place.Postgres, clock, cancellationToken);
            var ids = new ObjectIds(SystemEntropy.Instance);
            var secret = await PaymentStart.EnsureTestKeyAsync(database, ids, clock, options.DataFolder, cancellationToken);
            var greenfieldKey = options.Network == BitcoinNetwork.Mainnet ? null : await GreenfieldStart.EnsureKeyAsync(database, ids, clock, options.DataFolder, cancellationToken);
            var box = await PaymentStart.OpenSealAsync(SystemEntropy.Instance, options.DataFolder, cancellationToken);
            var restored = await RestoredStart.TakeAsync(options.DataFolder, database, clock, cancellationToken);
            var names = new LightningNames(clock);
            await database.WriteAsync(
                async (transaction, token) =>
                {
                    await names.EnsureDefaultAsync(transaction, PaymentStart.FirstStore, options.Network == BitcoinNetwork.Mainnet, token);
                    return true;
                },
                cancellationToken);
            var setup = await database.WriteAsync((transaction, token) => new Invitations(ids, clock).IssueFirstAsync(transaction, PaymentStart.FirstStore, token), cancellationToken);
            return Build(options, tls, source, clock, services =>
            {
                services.AddPayments(options, prices, database, ids, box, new TestAccess(secret) { GreenfieldKey = greenfieldKey, StoreId = PaymentStart.FirstStore });
                services.AddSingleton(new DatabaseInfo(
                    place.Postgres is null ? DatabaseInfo.Sqlite : DatabaseInfo.Postgres, place.Postgres?.ToString() ?? Path.Combine(options.DataFolder, PaymentStart.SqliteFile)));
                if (restored is not null)
                    services.AddSingleton(restored);
                services.AddTeam(options.DataFolder, new SetupAccess(setup is null ? null : "/welcome/" + setup));
            });
        }
        catch (Exception exception) when (exception is DatabaseLostException or MigrationException)
        {
            await source.DisposeAsync();
            if (database is not null)
                await database.DisposeAsync();
            place.Folder.Dispose();
            return new Refusal(options.Database is null ? "--data" : "--database", exception.Message);
        }
    }

    private static Result<(ServerFolder Folder, PostgresAddress? Postgres), Refusal> OpenFolder(ServerOptions options)
    {
        PostgresAddress? postgres = null;
        if (options.Database is { } address && !PostgresAddress.Parse(address, Environment.GetEnvironmentVariable).TryGet(out postgres, out var refusal))
            return refusal;
        return ServerFolder.Take(options.DataFolder).Then<(ServerFolder, PostgresAddress?)>(folder => (folder, postgres));
    }

    private static WebApplication Build(ServerOptions options, TlsFiles? tls, IChainSource source, TimeProvider clock, Action<IServiceCollection> addPayments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ServerListener.Configure(builder, options, tls);
        builder.AddTelemetry(options);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(options);
        // By a factory, so that the container disposes of the source when the server stops.
        builder.Services.AddSingleton(_ => source);
        builder.Services.AddSingleton<ChainWatch>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<ChainWatch>());
        builder.Services.AddMerchantNode(options);
        builder.Services.AddDemoWallet(options);
        builder.Services.AddSingleton<HealthProbe>();
        addPayments(builder.Services);
        builder.Services.AddGreenfield();
        builder.Services.AddRisk(options);
        builder.Services.AddMail();
        builder.Services.AddRazorComponents();
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));

        var app = builder.Build();
        app.UseTrustedProxies(options);
        app.UseLocalOnly(options);
        app.UseRequestSpans();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        WebFile.Map(app);
        ChainEndpoints.Map(app);
        HealthEndpoints.Map(app);
        StripeEndpoints.Map(app);
        GreenfieldEndpoints.Map(app);
        CheckoutEndpoints.Map(app);
        ClaimEndpoints.Map(app);
        LnurlEndpoints.Map(app);
        PullPaymentPages.Map(app);
        ShopEndpoints.Map(app);
        LoginEndpoints.Map(app);
        ResetEndpoints.Map(app);
        WelcomeEndpoints.Map(app);
        DashboardEndpoints.Map(app);
        return app;
    }
}
