using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Lightning;
using Tributary.Server.Mail;
using Tributary.Server.Nodes;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests;

/// <summary>
/// The whole server on a free port, with the embedded chain in a folder of its own. Where <c>TRIBUTARY_TEST_DATABASE</c> names a PostgreSQL
/// (<c>postgres://user@host:port</c>), every server has an empty database of its own there instead of SQLite.
/// </summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-server-").FullName;
    private WebApplication? _app;
    private string? _database;

    /// <summary>Follows no redirects, so that a test sees what a form answers.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>The test secret key of the first store.</summary>
    public string SecretKey { get; private set; } = "";

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The way in for the first owner, as long as there is none.</summary>
    public string? SetupPath => _app!.Services.GetRequiredService<SetupAccess>().Path;

    /// <summary>A browser that is signed in as a fresh member of a role.</summary>
    internal async Task<Browser> SignInAsync(MemberRole role)
    {
        var email = $"{Guid.CreateVersion7():N}@team.example";
        var path = await InviteAsync(role, email);
        var browser = new Browser(Address);
        var welcomed = await browser.PostAsync(path, path, ("email", email), ("password", Password));
        Assert.Equal("/dashboard", welcomed.Location);
        return browser;
    }

    /// <summary>The password of those who were signed in by a test.</summary>
    internal const string Password = "four words are enough";

    internal async Task<string> InviteAsync(MemberRole role, string email)
    {
        var database = Services.GetRequiredService<IDatabase>();
        var invitations = Services.GetRequiredService<Invitations>();
        return "/welcome/" + await database.WriteAsync(
            (transaction, token) => invitations.IssueAsync(transaction, new Invitation(PaymentStart.FirstStore, email, role), "mem_test", token), TestContext.Current.CancellationToken);
    }

    public async ValueTask InitializeAsync()
    {
        _database ??= await CreateDatabaseAsync();
        var options = new ServerOptions(Port: 0, _folder, BitcoinNetwork.Regtest) { Database = _database, Smtp = Smtp, OtlpEndpoint = OtlpEndpoint };
        _app = (await ServerHost.BuildAsync(options, TimeProvider.System, TestContext.Current.CancellationToken)).Value;
        await _app.StartAsync(TestContext.Current.CancellationToken);

        // A request that comes while node and wallet are being opened waits for a few seconds alone, and a busy machine takes longer.
        await _app.Services.GetRequiredService<MerchantNode>().Opening.WaitAsync(TestContext.Current.CancellationToken);
        await _app.Services.GetRequiredService<Opening<LightningBackend>>().WaitAsync(TestContext.Current.CancellationToken);
        await _app.Services.GetRequiredService<Opening<Wallet>>().WaitAsync(TestContext.Current.CancellationToken);
        Address = new Uri(_app.Urls.Single());
        SecretKey = _app.Services.GetRequiredService<TestAccess>().SecretKey;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>Where mail goes; null for nowhere.</summary>
    internal SmtpSettings? Smtp { get; init; }

    /// <summary>Where traces, measures and logs go; null for nowhere.</summary>
    internal Uri? OtlpEndpoint { get; init; }

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>The files of the data folder.</summary>
    public IEnumerable<string> DataFiles => Directory.EnumerateFiles(_folder);

    /// <summary>Stops the server and starts it on the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string?> CreateDatabaseAsync()
    {
        if (Environment.GetEnvironmentVariable("TRIBUTARY_TEST_DATABASE") is not { Length: > 0 } server)
            return null;
        var name = $"test_{Guid.CreateVersion7():N}";
        await using var connection = new NpgsqlConnection(PostgresAddress.Parse(server.TrimEnd('/') + "/postgres", Environment.GetEnvironmentVariable).Value.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return $"{server.TrimEnd('/')}/{name}";
    }

    private async Task StopAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
