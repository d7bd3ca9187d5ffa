using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Backups;
using Tributary.Server.Modes;
using Tributary.Server.Payments;
using Tributary.Server.Tests.Modes;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Backups;

/// <summary>A backup has both halves of a server, and a server that is made of it stops the outgoing money of both.</summary>
public sealed class ModesBackupTests(ModesServer server) : IClassFixture<ModesServer>, IDisposable
{
    private const string Passphrase = "a passphrase for both";
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-backup-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_restored_has_test_and_live_money_and_says_of_both_that_it_is_a_copy()
    {
        var live = (await server.Live.PostAsync("/v1/payment_intents", "amount=5000&currency=eur")).Text("id");
        var test = await server.Test.PayAsync(5000);

        // The channels' logs are what makes the copy one; a node that is open has begun them.
        await server.Services.GetRequiredService<Server.Nodes.MerchantNode>().Opening.WaitAsync(Cancelled);
        await server.Services.GetRequiredService<LiveHalf>().Services.GetRequiredService<Server.Nodes.MerchantNode>().Opening.WaitAsync(Cancelled);
        var file = Path.Combine(_folder, "server.backup");
        var made = await ServerBackup.CreateAsync(server.Folder, file, Passphrase, TimeProvider.System, Cancelled);
        Assert.NotNull(made.Value.Live);
        Assert.NotEqual(made.Value.InstallationId, made.Value.Live.InstallationId, StringComparer.Ordinal);

        var copy = Path.Combine(_folder, "copy");
        Assert.Equal(made.Value, (await ServerRestore.RestoreAsync(file, copy, Passphrase, TimeProvider.System, Cancelled)).Value);
        foreach (var half in new[] { copy, Path.Combine(copy, ServerOptions.LiveFolder) })
        {
            Assert.True(File.Exists(Path.Combine(half, RestoredNote.FileName)), half);
            var (path, _) = BackupParts.Logs.Single(static log => log.KeepsMark);
            Assert.Contains(Directory.EnumerateFiles(Path.Combine(half, path)), static name => Path.GetFileName(name) is "restored-from");
        }

        var options = new ServerOptions(0, copy, BitcoinNetwork.Regtest) { Live = new ServerOptions(0, Path.Combine(copy, ServerOptions.LiveFolder), BitcoinNetwork.Regtest) };
        await using var app = (await ServerHost.BuildAsync(options, TimeProvider.System, Cancelled)).Value;
        await app.StartAsync(Cancelled);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(5) };
        Assert.Equal(server.Services.GetRequiredService<TestAccess>().SecretKey, app.Services.GetRequiredService<TestAccess>().SecretKey);
        foreach (var (key, id) in new[] { (server.LiveKey, live), (app.Services.GetRequiredService<TestAccess>().SecretKey, test) })
        {
            var stripe = new StripeClient(client, key);
            Assert.Equal(id, (await stripe.GetAsync($"/v1/payment_intents/{id}")).Text("id"));
            Assert.True((await stripe.GetAsync("/v1/outgoing_policy")).At("stopped").GetBoolean());
        }

        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        using var report = JsonDocument.Parse(await health.Content.ReadAsStringAsync(Cancelled));
        var notices = report.RootElement.GetProperty("notices").EnumerateArray().Select(static notice => notice.GetString()!).ToList();
        Assert.Contains(notices, static notice => notice.StartsWith("This server was restored", StringComparison.Ordinal));
        Assert.Contains(notices, static notice => notice.StartsWith("live: This server was restored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_of_a_server_without_live_money_names_none()
    {
        var alone = Path.Combine(_folder, "alone");
        await using (var app = (await ServerHost.BuildAsync(new ServerOptions(0, alone, BitcoinNetwork.Regtest), TimeProvider.System, Cancelled)).Value)
        {
            await app.StartAsync(Cancelled);
            await app.StopAsync(Cancelled);
        }

        var file = Path.Combine(_folder, "alone.backup");
        Assert.Null((await ServerBackup.CreateAsync(alone, file, Passphrase, TimeProvider.System, Cancelled)).Value.Live);
        var copy = Path.Combine(_folder, "alone-copy");
        Assert.Null((await ServerRestore.RestoreAsync(file, copy, Passphrase, TimeProvider.System, Cancelled)).Value.Live);
        Assert.False(Directory.Exists(Path.Combine(copy, ServerOptions.LiveFolder)));
        Assert.True(File.Exists(Path.Combine(copy, RestoredNote.FileName)));
    }
}
