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
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new UpReport(
            url,
            options.Network.Name,
            "embedded",
            options.DataFolder,
            app.Services.GetRequiredService<DatabaseInfo>() is var database && database.Kind is "postgres" ? $"PostgreSQL {database.Place}" : $"SQLite {database.Place}",
            app.Services.GetRequiredService<TestAccess>().SecretKey,
            app.Services.GetRequiredService<TestAccess>().GreenfieldKey,
            app.Services.GetRequiredService<TestAccess>().StoreId,
            app.Services.GetRequiredService<SetupAccess>().Path is { } path ? url + path : null,
            options.Live is { } live ? new LiveReport(live.Network.Name, "bitcoind", live.DataFolder, app.Services.GetRequiredService<LiveAccess>().SecretKey) : null);
    }

    private static void Show(IAnsiConsole terminal, UpReport report)
    {
        terminal.WriteLine($"Tributary is up: {report.Url}");
        terminal.WriteLine($"  network  {report.Network} ({report.Chain} chain)");
        terminal.WriteLine($"  data     {report.DataFolder}");
        terminal.WriteLine($"  database {report.Database}");
        terminal.WriteLine($"  API      {report.Url}/v1 in Stripe's shape; test secret key {report.TestSecretKey}");
        if (report.GreenfieldApiKey is { } greenfield)
            terminal.WriteLine($"           {report.Url}/api/v1 in BTCPay's (Greenfield); API key {greenfield}, store {report.StoreId}");
        if (report.Live is { } live)
        {
            terminal.WriteLine($"  live     {live.Network} ({live.Chain}), data in {live.DataFolder}");
            terminal.WriteLine(live.SecretKey is { } secret ? $"           live secret key {secret}: it is shown this once, keep it safe" : "           live keys are made in the dashboard");
        }

        terminal.WriteLine(report.SetupUrl is { } setup ? $"  setup    {setup} makes you its owner; it works once" : $"  sign in  {report.Url}/dashboard");
        terminal.WriteLine("Stop it with Ctrl+C.");
    }

    /// <summary>By the XDG base directory specification.</summary>
    internal static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "tributary");
}
