using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Modes;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Server.Tests.Greenfield;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Modes;

/// <summary>A server with a live half, each half on an embedded chain of its own.</summary>
public sealed class ModesServer : IAsyncLifetime
{
    private WebApplication? _app;
    internal string LiveKey { get; private set; } = "";
    private bool _hasOwner;

    internal string Folder { get; } = Directory.CreateTempSubdirectory("tributary-modes-").FullName;

    internal HttpClient Client { get; private set; } = new();

    internal StripeClient Test { get; private set; } = null!;

    internal StripeClient Live { get; private set; } = null!;

    internal GreenfieldClient TestGreenfield { get; private set; } = null!;

    internal GreenfieldClient LiveGreenfield { get; private set; } = null!;

    internal string LiveGreenfieldKey { get; private set; } = "";

    /// <summary>The owner, whom the first test that signs in makes.</summary>
    internal const string Email = "owner@team.example";

    internal IServiceProvider Services => _app!.Services;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A browser of the owner, who looks at test money.</summary>
    internal async Task<Browser> SignInAsync()
    {
        var browser = new Browser(Client.BaseAddress!);
        if (!_hasOwner)
        {
            var path = Services.GetRequiredService<SetupAccess>().Path!;
            Assert.Equal("/dashboard", (await browser.PostAsync(path, path, ("email", Email), ("password", RunningServer.Password))).Location);
            _hasOwner = true;
            return browser;
        }

        Assert.Equal("/dashboard", (await browser.PostAsync("/login", "/login", ("email", Email), ("password", RunningServer.Password))).Location);
        return browser;
    }

    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    private async ValueTask StartAsync()
    {
        var options = new ServerOptions(0, Folder, BitcoinNetwork.Regtest) { Live = new ServerOptions(0, Path.Combine(Folder, "live"), BitcoinNetwork.Regtest) };
        _app = (await ServerHost.BuildAsync(options, TimeProvider.System, TestContext.Current.CancellationToken)).Value;
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.Single()), Timeout = TimeSpan.FromMinutes(5) };
        LiveKey = Services.GetRequiredService<LiveAccess>().SecretKey ?? LiveKey;
        Test = new StripeClient(Client, Services.GetRequiredService<TestAccess>().SecretKey);
        Live = new StripeClient(Client, LiveKey);
        LiveGreenfieldKey = Services.GetRequiredService<LiveAccess>().GreenfieldKey ?? LiveGreenfieldKey;
        TestGreenfield = new GreenfieldClient(Client, Services.GetRequiredService<TestAccess>().GreenfieldKey);
        LiveGreenfield = new GreenfieldClient(Client, LiveGreenfieldKey);
    }

    private async Task StopAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
