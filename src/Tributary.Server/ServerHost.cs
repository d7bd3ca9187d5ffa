using System.Net;
using Microsoft.Extensions.Logging.Console;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;
using Tributary.Server.Chain;
using Tributary.Server.Checkout;
using Tributary.Server.Dashboard;
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
using Tributary.Server.Web;

namespace Tributary.Server;

/// <summary>Composes the whole server: the one place that knows every part.</summary>
public static class ServerHost
{
    /// <summary>Opens what the options name and builds the server around it; the server owns the chain source.</summary>
    public static async Task<Result<WebApplication, Refusal>> BuildAsync(ServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        foreach (var chosen in new[] { options, options.Live }.OfType<ServerOptions>())
        {
            if (chosen is { BitcoindUrl: not null, AllowsRealMoney: false } && chosen.Network == BitcoinNetwork.Mainnet)
                return new Refusal("--real-money", "is not given, and mainnet is real money: the Lightning node is young, so start with regtest or signet");
            if (chosen.OnChainDescriptor is { } descriptor && WatchedWallet.Check(descriptor, chosen.Network) is { } unreadable)
                return unreadable;
        }

        if (!(await HalfStart.OpenAsync(options, isLive: false, clock, cancellationToken)).TryGet(out var test, out var refusal))
            return refusal;
        ModeHalf? live = null;
        if (options.Live is { } other && !(await HalfStart.OpenAsync(other, isLive: true, clock, cancellationToken)).TryGet(out live, out refusal))
        {
            await test.DisposeAsync();
            return refusal;
        }

        var setup = await test.Database.WriteAsync((transaction, token) => new Invitations(test.Ids, clock).IssueFirstAsync(transaction, PaymentStart.FirstStore, token), cancellationToken);
        return Build(test, live, clock, new SetupAccess(setup is null ? null : "/welcome/" + setup));
    }

    private static WebApplication Build(ModeHalf test, ModeHalf? live, TimeProvider clock, SetupAccess setup)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, test.Options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
        });
        // Standard output belongs to what the command says.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A start that fails comes back to the caller, who says it in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // Addresses of pages hold secrets, and these two name the address.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        builder.Services.AddRazorComponents();
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));
        ServiceDescriptor[] framework = [.. builder.Services];
        builder.Services.AddSingleton(clock);
        builder.Services.AddHalf(test);
        builder.Services.AddTeam(test.Options.DataFolder, setup);
        if (live is not null)
        {
            builder.Services.AddSingleton(new LiveAccess(live.SecretKey));
            builder.Services.AddSingleton(provider => new LiveHalf(live, framework, provider));
            builder.Services.AddHostedService(static provider => provider.GetRequiredService<LiveHalf>());
        }

        var app = builder.Build();
        app.UseLocalOnly();
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
        WelcomeEndpoints.Map(app);
        DashboardEndpoints.Map(app);
        return app;
    }
}
