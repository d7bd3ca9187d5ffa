using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Tributary.Server.Web;

/// <summary>Where and how Kestrel listens, and whose word counts for who the asker is.</summary>
internal static class ServerListener
{
    private const long BodyBytesMax = 1 << 20;

    public static void Configure(WebApplicationBuilder builder, ServerOptions options, TlsFiles? tls)
    {
        if (tls is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            kestrel.Listen(options.ListenAddress, options.Port, listen => Encrypt(listen, tls));
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        });
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // Only those whom the operator named, one hop: everybody else would choose his own address.
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in options.TrustedProxies)
                forwarded.KnownIPNetworks.Add(network);
        });
    }

    public static void UseTrustedProxies(this WebApplication app, ServerOptions options)
    {
        if (options.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
    }

    private static void Encrypt(ListenOptions listen, TlsFiles? tls)
    {
        if (tls is null)
            return;
        var logger = listen.ApplicationServices.GetRequiredService<ILogger<TlsFiles>>();
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = tls.Current(logger),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        });
    }
}
