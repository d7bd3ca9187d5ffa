using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Tributary.Server.Telemetry;

namespace Tributary.Server.Modes;

/// <summary>
/// The live half: a container of its own beside the test half's, which is the server's. A request with a live key, or for a live object, is served
/// from here; see <see cref="ModeRouting"/>. Nothing that is registered for the one half can be had from the other.
/// </summary>
internal sealed class LiveHalf : IHostedService, IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private IHostedService[] _hosted = [];

    /// <summary>Builds the container.</summary>
    /// <param name="half">What it stands on; this owns it.</param>
    /// <param name="framework">The web framework's services, none of which runs in the background.</param>
    /// <param name="server">The server's own container: what both halves share comes from there.</param>
    public LiveHalf(ModeHalf half, IEnumerable<ServiceDescriptor> framework, IServiceProvider server)
    {
        Half = half;
        var services = new ServiceCollection();
        foreach (var descriptor in framework.Where(static descriptor => descriptor.ServiceType != typeof(IHostedService)))
            ((ICollection<ServiceDescriptor>)services).Add(descriptor);
        services.AddSingleton(server.GetRequiredService<TimeProvider>());
        services.AddSingleton(server.GetRequiredService<IHostApplicationLifetime>());
        services.AddSingleton(server.GetRequiredService<IServer>());
        services.AddSingleton(server.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(server.GetRequiredService<ServerMeters>());

        // Members and their forms are the server's: a form of a live page carries the same token.
        services.AddSingleton(server.GetRequiredService<IHttpContextAccessor>());
        services.AddSingleton(server.GetRequiredService<IDataProtectionProvider>());
        services.AddSingleton(server.GetRequiredService<IAntiforgery>());
        services.AddHalf(half);
        _services = services.BuildServiceProvider();
    }

    internal ModeHalf Half { get; }

    internal IServiceProvider Services => _services;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _hosted = [.. _services.GetServices<IHostedService>()];
        foreach (var hosted in _hosted)
            await hosted.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var hosted in _hosted.Reverse())
            await hosted.StopAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
