using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Tributary.Server.Team;
using Tributary.Server.Telemetry;
using Tributary.Storage.Relational;

namespace Tributary.Server.Modes;

/// <summary>
/// The live half: a container of its own beside the test half's, which is the server's. A request with a live key, or for a live object, is served
/// from here; see <see cref="ModeRouting"/>. Nothing that is registered for the one half can be had from the other.
/// </summary>
internal sealed partial class LiveHalf : IHostedService, IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _logger;
    private IHostedService[] _hosted = [];
    private bool _isStopping;

    /// <summary>Builds the container.</summary>
    /// <param name="half">What it stands on; this owns it.</param>
    /// <param name="framework">The web framework's services, none of which runs in the background.</param>
    /// <param name="server">The server's own container: what both halves share comes from there.</param>
    public LiveHalf(ModeHalf half, IEnumerable<ServiceDescriptor> framework, IServiceProvider server)
    {
        Half = half;
        _lifetime = server.GetRequiredService<IHostApplicationLifetime>();
        _logger = server.GetRequiredService<ILogger<LiveHalf>>();
        var services = new ServiceCollection();
        foreach (var descriptor in framework.Where(static descriptor => descriptor.ServiceType != typeof(IHostedService)))
            ((ICollection<ServiceDescriptor>)services).Add(descriptor);
        services.AddSingleton(server.GetRequiredService<TimeProvider>());
        services.AddSingleton(server.GetRequiredService<IHostApplicationLifetime>());
        services.AddSingleton(server.GetRequiredService<IServer>());
        services.AddSingleton<ILoggerFactory>(new LiveLoggers(server.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(server.GetRequiredService<ServerMeters>());

        // Members and their forms are the server's: a form of a live page carries the same token.
        services.AddSingleton(server.GetRequiredService<IHttpContextAccessor>());
        services.AddSingleton(server.GetRequiredService<IDataProtectionProvider>());
        services.AddSingleton(server.GetRequiredService<IAntiforgery>());
        services.AddSingleton(new TeamDirectory(server.GetRequiredService<MemberRows>(), server.GetRequiredService<IDatabase>()));
        services.AddHalf(half, hasLive: true);
        _services = services.BuildServiceProvider();
    }

    internal ModeHalf Half { get; }

    internal IServiceProvider Services => _services;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _hosted = [.. _services.GetServices<IHostedService>()];
        foreach (var hosted in _hosted)
        {
            await hosted.StartAsync(cancellationToken);
            if (hosted is BackgroundService { ExecuteTask: { } running })
                _ = StopWhenFailedAsync(running);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isStopping, true);
        foreach (var hosted in _hosted.Reverse())
            await hosted.StopAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    // As the host does with the test half's: a half without one of its parts is worse than a server that ends and says why.
    private async Task StopWhenFailedAsync(Task running)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsFaulted || Volatile.Read(ref _isStopping))
            return;
        LogFailed(running.Exception.GetBaseException());
        _lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "A part of the live half failed, and the server ends")]
    private partial void LogFailed(Exception failure);
}
