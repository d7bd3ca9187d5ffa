using System.Net;
using Tributary.Bitcoin.Chain;
using Tributary.Server.Chain;
using Tributary.Server.Health;
using Tributary.Server.Web;

namespace Tributary.Server;

/// <summary>Composes the whole server: the one place that knows every part.</summary>
public static class ServerHost
{
    /// <summary>Builds the server around a chain source; the caller starts it and owns the source.</summary>
    public static WebApplication Build(ServerOptions options, IChainSource source, TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton<ChainWatch>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<ChainWatch>());
        builder.Services.AddRazorComponents();
        builder.Services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));

        var app = builder.Build();
        app.UseLocalOnly();
        Asset.Map(app);
        ChainEndpoints.Map(app);
        HealthEndpoints.Map(app);
        return app;
    }
}
