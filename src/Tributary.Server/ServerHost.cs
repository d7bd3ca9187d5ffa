using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;
using Tributary.Server.Chain;
using Tributary.Server.Checkout;
using Tributary.Server.Dashboard;
using Tributary.Server.Data;
using Tributary.Server.Greenfield;
using Tributary.Server.Greenfield.PullPayments;
using Tributary.Server.Health;
using Tributary.Server.Lnurl;
using Tributary.Server.Modes;
using Tributary.Server.Nodes;
using Tributary.Server.Payments;
using Tributary.Server.Shop;
using Tributary.Server.Stripe;
using Tributary.Server.Team;
using Tributary.Server.Telemetry;
using Tributary.Server.Web;

namespace Tributary.Server;

/// <summary>Composes the whole server: the one place that knows every part.</summary>
public static class ServerHost
{
    /// <summary>Opens what the options name and builds the server around it; the server owns what was opened.</summary>
    public static async Task<Result<WebApplication, Refusal>> BuildAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (ServerAddresses.Check(options) is { } exposed)
            return exposed;
        TlsFiles? tls = null;
        if (options is { TlsCertificateFile: { } certificate, TlsKeyFile: { } key } && !TlsFiles.Open(certificate, key, clock).TryGet(out tls, out var unusable))
            return unusable;
        var other = options.ForLive();
        var live = Path.Combine(options.DataFolder, ServerOptions.LiveFolder);
        if (other is null && File.Exists(Path.Combine(live, FolderBinding.FileName)))
            return new Refusal("--bitcoind", $"is not given, and '{live}' holds live money, whose channels nobody would watch: name the bitcoind that it had, or another --data");
        if ((CheckMoney(options) ?? (other is null ? null : CheckMoney(other))) is { } refused)
            return refused;

        if (!(await HalfStart.OpenAsync(options, isLive: false, clock, cancellationToken)).TryGet(out var test, out var refusal))
            return refusal;
        ModeHalf? second = null;
        try
        {
            if (other is not null && !(await HalfStart.OpenAsync(other, isLive: true, clock, cancellationToken)).TryGet(out second, out refusal))
            {
                await test.DisposeAsync();
                return refusal;
            }

            var setup = await test.Database.WriteAsync((transaction, token) => new Invitations(test.Ids, clock).IssueFirstAsync(transaction, PaymentStart.FirstStore, token), cancellationToken);
            return Build(test, second, tls, clock, new SetupAccess(setup is null ? null : "/welcome/" + setup));
        }
        catch
        {
            await test.DisposeAsync();
            if (second is not null)
                await second.DisposeAsync();
            throw;
        }
    }

    private static Refusal? CheckMoney(ServerOptions options)
    {
        if (options is { BitcoindUrl: not null, AllowsRealMoney: false } && options.Network == BitcoinNetwork.Mainnet)
            return new Refusal("--real-money", "is not given, and mainnet is real money: the Lightning node is young, so start with regtest or signet");
        return options.OnChainDescriptor is { } descriptor ? WatchedWallet.Check(descriptor, options.Network) : null;
    }

    private static WebApplication Build(ModeHalf test, ModeHalf? live, TlsFiles? tls, TimeProvider clock, SetupAccess setup)
    {
        var options = test.Options;
        var builder = WebApplication.CreateSlimBuilder();
        ServerListener.Configure(builder, options, tls);
        builder.Services.AddRazorComponents();
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));
        ServiceDescriptor[] framework = [.. builder.Services];
        builder.AddTelemetry(options);
        builder.Services.AddSingleton(clock);
        builder.Services.AddHalf(test, hasLive: live is not null);
        builder.Services.AddSingleton<ServerHealth>();
        builder.Services.AddTeam(test.Options.DataFolder, setup);
        if (live is not null)
        {
            builder.Services.AddSingleton(new LiveAccess(live.SecretKey, live.GreenfieldKey, live.Place));
            builder.Services.AddSingleton(provider => new LiveHalf(live, framework, provider));
            builder.Services.AddHostedService(static provider => provider.GetRequiredService<LiveHalf>());
        }

        var app = builder.Build();
        app.UseTrustedProxies(options);
        app.UseLocalOnly(options);
        app.UseRequestSpans();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseModes();
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
