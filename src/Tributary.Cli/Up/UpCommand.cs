using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Server;
using Tributary.Server.Data;
using Tributary.Server.Modes;
using Tributary.Server.Payments;
using Tributary.Server.Team;

namespace Tributary.Cli.Up;

/// <summary><c>tributary up</c>: serves on the loopback address until it is told to stop.</summary>
internal static class UpCommand
{
    internal static Command Create(TimeProvider clock)
    {
        var words = new UpOptions();
        var command = new Command("up", "Serve the whole thing on this machine.");
        words.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            return words.Read(parsed).TryGet(out var options, out var refusal)
                ? await ServeAsync(options, writer, clock, cancellationToken)
                : writer.Fail(refusal);
        });
        return command;
    }

    private static async Task<int> ServeAsync(ServerOptions options, ReportWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var built = await ServerHost.BuildAsync(options, clock, cancellationToken);
        if (!built.TryGet(out var app, out var refusal))
            return writer.Fail(refusal);

        await using (app)
        {
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (IOException exception) when (exception.InnerException is AddressInUseException)
            {
                return writer.Fail("--port", $"{options.Port} is taken by another program; choose another, or 0 for a free one");
            }

            _ = writer.Report(Describe(options, app), ReportJson.Default.UpReport, Show);
            await app.WaitForShutdownAsync(cancellationToken);
        }

        return 0;
    }

    private static UpReport Describe(ServerOptions options, WebApplication app)
    {
        var services = app.Services;
        var url = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var access = services.GetRequiredService<TestAccess>();
        return new UpReport(
            url,
            options.Network.Name,
            "embedded",
            options.DataFolder,
            Words(services.GetRequiredService<DatabaseInfo>()),
            access.SecretKey,
            access.GreenfieldKey,
            access.StoreId,
            access.ShopKey,
            services.GetRequiredService<SetupAccess>().Path is { } path ? url + path : null,
            options.Live is { } live ? Describe(live, services.GetRequiredService<LiveAccess>(), access.StoreId) : null);
    }

    private static LiveReport Describe(ServerOptions live, LiveAccess access, string storeId) =>
        new(live.Network.Name, "bitcoind", live.DataFolder, Words(access.Database), access.SecretKey, access.GreenfieldKey, storeId);

    private static string Words(DatabaseInfo database) => database.Kind is "postgres" ? $"PostgreSQL {database.Place}" : $"SQLite {database.Place}";

    private static void Show(IAnsiConsole terminal, UpReport report)
    {
        terminal.WriteLine($"Tributary is up: {report.Url}");
        terminal.WriteLine($"  network  {report.Network} ({report.Chain} chain)");
        terminal.WriteLine($"  data     {report.DataFolder}");
        terminal.WriteLine($"  database {report.Database}");
        terminal.WriteLine($"  API      {report.Url}/v1 in Stripe's shape; test secret key {report.TestSecretKey}");
        if (report.GreenfieldApiKey is { } greenfield)
            terminal.WriteLine($"           {report.Url}/api/v1 in BTCPay's (Greenfield); API key {greenfield}, store {report.StoreId}");
        if (report.ShopApiKey is { } shop)
            terminal.WriteLine($"           for a shop's plugin (BTCPay for WooCommerce) the key {shop}, same store: it takes no key that may do more");
        if (report.Live is { } live)
        {
            terminal.WriteLine($"  live     {live.Network} ({live.Chain}), data in {live.DataFolder}, {live.Database}");
            if (live.SecretKey is { } secret)
                terminal.WriteLine($"           live secret key {secret}");
            if (live.GreenfieldApiKey is { } key)
                terminal.WriteLine($"           live API key for BTCPay's {key}, store {live.StoreId}");
            terminal.WriteLine(live.SecretKey is null && live.GreenfieldApiKey is null ? "           live keys are made in the dashboard" : "           shown this once: keep them safe, they move real money");
        }

        terminal.WriteLine(report.SetupUrl is { } setup ? $"  setup    {setup} makes you its owner; it works once" : $"  sign in  {report.Url}/dashboard");
        terminal.WriteLine("Stop it with Ctrl+C.");
    }

    /// <summary>By the XDG base directory specification.</summary>
    internal static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "tributary");
}
