using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Payments;

namespace Tributary.Server.Tests;

/// <summary>The whole server on a free port, with the embedded chain in a folder of its own.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-server-").FullName;
    private WebApplication? _app;

    /// <summary>Follows no redirects, so that a test sees what a form answers.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>The test secret key of the first store.</summary>
    public string SecretKey { get; private set; } = "";

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public async ValueTask InitializeAsync()
    {
        _app = (await ServerHost.BuildAsync(new ServerOptions(Port: 0, _folder, BitcoinNetwork.Regtest), TimeProvider.System, TestContext.Current.CancellationToken)).Value;
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Address = new Uri(_app.Urls.Single());
        SecretKey = _app.Services.GetRequiredService<TestAccess>().SecretKey;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

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

    private async Task StopAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
