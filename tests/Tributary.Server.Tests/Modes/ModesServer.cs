using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Modes;
using Tributary.Server.Payments;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Modes;

/// <summary>A server with a live half, each half on an embedded chain of its own.</summary>
public sealed class ModesServer : IAsyncLifetime
{
    private WebApplication? _app;
    private string _liveKey = "";

    internal string Folder { get; } = Directory.CreateTempSubdirectory("tributary-modes-").FullName;

    internal HttpClient Client { get; private set; } = new();

    internal StripeClient Test { get; private set; } = null!;

    internal StripeClient Live { get; private set; } = null!;

    internal IServiceProvider Services => _app!.Services;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
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
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.Single()) };
        _liveKey = Services.GetRequiredService<LiveAccess>().SecretKey ?? _liveKey;
        Test = new StripeClient(Client, Services.GetRequiredService<TestAccess>().SecretKey);
        Live = new StripeClient(Client, _liveKey);
    }

    private async Task StopAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
