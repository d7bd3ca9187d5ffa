using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Tributary.Bitcoin.Networks;
using Tributary.Cli.Reporting;
using Tributary.Server;
using Tributary.Server.Data;
using Tributary.Server.Mail;
using Tributary.Server.Payments;
using Tributary.Server.Team;

namespace Tributary.Cli.Up;

/// <summary><c>tributary up</c>: serves on the loopback address until it is told to stop.</summary>
internal static class UpCommand
{
    private const int DefaultPort = 8086;

    internal static Command Create(TimeProvider clock)
    {
        var port = new Option<int>("--port") { Description = "TCP port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = static _ => DefaultPort };
        var data = new Option<string>("--data") { Description = "Folder for everything that must survive a restart.", DefaultValueFactory = static _ => DefaultDataFolder() };
        var bitcoind = new Option<string?>("--bitcoind")
        {
            Description = "RPC address of a bitcoind (http://127.0.0.1:18443/); without it the embedded regtest chain serves. Credentials: --bitcoind-cookie, or TRIBUTARY_BITCOIND_USER and TRIBUTARY_BITCOIND_PASSWORD in the environment.",
        };
        var cookie = new Option<string?>("--bitcoind-cookie") { Description = "bitcoind's cookie file (.cookie in the data directory of its network)." };
        var network = new Option<string>("--network") { Description = "The network of the bitcoind: regtest, signet, testnet4, testnet3 or mainnet.", DefaultValueFactory = static _ => "regtest" };
        var blockEvery = new Option<int?>("--block-every") { Description = "Let the embedded chain mine a block every so many seconds; without it, it mines on demand." };
        var listen = new Option<string?>("--lightning-listen") { Description = "IP:PORT where the Lightning node takes connections of peers; without it a free port of 127.0.0.1." };
        var prices = new Option<string?>("--price-file")
        {
            Description = "JSON file of what a bitcoin costs ({ \"eur\": \"67123.45\" }), written anew by a program of yours; without it regtest has fixed demo prices and other networks have none.",
        };
        var descriptor = new Option<string?>("--onchain-descriptor")
        {
            Description = "Whose addresses shoppers pay on chain, with the keys elsewhere: an output descriptor, or an xpub of an account that nothing else uses (its P2WPKH addresses). Refunds on chain still come from the server's own wallet.",
        };
        var database = new Option<string?>("--database")
        {
            Description = "A PostgreSQL of this server's own, as postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full; without it SQLite in the data folder. The password comes from TRIBUTARY_DATABASE_PASSWORD in the environment or from ~/.pgpass, never from an argument.",
        };
        var smtp = new Option<string?>("--smtp")
        {
            Description = "Mail server for receipts, invitations and resets: smtp://user@mail.example:587, or smtps:// for TLS from the first byte. The password is TRIBUTARY_SMTP_PASSWORD in the environment.",
        };
        var mailFrom = new Option<string?>("--mail-from") { Description = "Sender of all mail, like \"My shop <pay@shop.example>\"." };
        var realMoney = new Option<bool>("--real-money") { Description = "Allow mainnet. The Lightning node is young: do not put in what you cannot lose." };
        var moved = new Option<bool>("--moved")
        {
            Description = "Once, after the data folder was moved to another disk or machine and the original never ran again. Never for a copy or a restored folder: without it the Lightning node of such a folder has its peers close all channels, and with it an old state can lose them.",
        };
        var command = new Command("up", "Serve the whole thing on this machine.") { port, data, database, bitcoind, cookie, network, blockEvery, listen, prices, descriptor, smtp, mailFrom, moved, realMoney };
        var operation = new OperationOptions();
        operation.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = ReportWriter.For(parsed);
            if (!BitcoinNetwork.TryParse(parsed.GetValue(network)!, out var chain))
                return writer.Fail("--network", $"'{parsed.GetValue(network)}' is none of {string.Join(", ", BitcoinNetwork.All)}");
            if (parsed.GetValue(port) is < 0 or > ushort.MaxValue)
                return writer.Fail("--port", "is a number from 0 to 65535");

            Uri? address = null;
            if (parsed.GetValue(bitcoind) is { } text && !Uri.TryCreate(text, UriKind.Absolute, out address))
                return writer.Fail("--bitcoind", $"'{text}' is no address; it is like http://127.0.0.1:18443/");

            IPEndPoint? lightning = null;
            if (parsed.GetValue(listen) is { } endpoint && !IPEndPoint.TryParse(endpoint, out lightning))
                return writer.Fail("--lightning-listen", $"'{endpoint}' is no address of this machine; it is like 127.0.0.1:9735");

            SmtpSettings? mail = null;
            if (parsed.GetValue(smtp) is { } mailServer && !SmtpSettings.Read(mailServer, parsed.GetValue(mailFrom), Environment.GetEnvironmentVariable("TRIBUTARY_SMTP_PASSWORD")).TryGet(out mail, out var unreadable))
                return writer.Fail(unreadable);

            var options = new ServerOptions(parsed.GetValue(port), Path.GetFullPath(parsed.GetValue(data)!), chain)
            {
                Database = parsed.GetValue(database),
                BitcoindUrl = address,
                BitcoindCookieFile = parsed.GetValue(cookie),
                BlockEvery = parsed.GetValue(blockEvery) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                LightningListen = lightning,
                Smtp = mail,
                OnChainDescriptor = parsed.GetValue(descriptor),
                IsMoved = parsed.GetValue(moved),
                AllowsRealMoney = parsed.GetValue(realMoney),
                PriceFile = parsed.GetValue(prices) is { } file ? Path.GetFullPath(file) : null,
            };
            return !operation.Read(parsed, options).TryGet(out options, out var refusal)
                ? writer.Fail(refusal)
                : await ServeAsync(options, writer, clock, cancellationToken);
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
            options.BitcoindUrl is null ? "embedded" : "bitcoind",
            options.DataFolder,
            app.Services.GetRequiredService<DatabaseInfo>() is var database && database.Kind is "postgres" ? $"PostgreSQL {database.Place}" : $"SQLite {database.Place}",
            app.Services.GetRequiredService<TestAccess>().SecretKey,
            app.Services.GetRequiredService<TestAccess>().GreenfieldKey,
            app.Services.GetRequiredService<TestAccess>().StoreId,
            app.Services.GetRequiredService<SetupAccess>().Path is { } path ? url + path : null);
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
        terminal.WriteLine(report.SetupUrl is { } setup ? $"  setup    {setup} makes you its owner; it works once" : $"  sign in  {report.Url}/dashboard");
        terminal.WriteLine("Stop it with Ctrl+C.");
    }

    /// <summary>By the XDG base directory specification.</summary>
    internal static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "tributary");
}
