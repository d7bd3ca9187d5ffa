using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Testing.Pages;

namespace Tributary.Server.Interop.Tests.Pages;

/// <summary>A server with a test and a live half, and what one walk through its pages saw; the first test that asks for it walks.</summary>
public sealed class WalkedPages : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-pages-").FullName;
    private readonly Lock _lock = new();
    private WebApplication? _app;
    private Task<JsonElement>? _walk;

    public async ValueTask InitializeAsync()
    {
        var options = new ServerOptions(0, _folder, BitcoinNetwork.Regtest) { Live = new ServerOptions(0, Path.Combine(_folder, "live"), BitcoinNetwork.Regtest) };
        _app = (await ServerHost.BuildAsync(options, TimeProvider.System, TestContext.Current.CancellationToken)).Value;
        await _app.StartReadyAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What the walk saw.</summary>
    public Task<JsonElement> ReportAsync()
    {
        lock (_lock)
        {
            var access = _app!.Services.GetRequiredService<TestAccess>();
            return _walk ??= PageWalk.RunAsync(
                new Uri(_app.Urls.Single()), _app.Services.GetRequiredService<SetupAccess>().Path!, access.SecretKey, access.GreenfieldKey!, access.StoreId, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The patterns of all routes that answer a GET, by name.</summary>
    internal IReadOnlyList<RouteEndpoint> Routes =>
        [.. _app!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(static endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET", StringComparer.Ordinal) != false)];

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
