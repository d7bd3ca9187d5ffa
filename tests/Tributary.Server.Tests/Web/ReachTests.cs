using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Payments;
using Tributary.Server.Tests.Stripe;
using Tributary.Server.Web;

namespace Tributary.Server.Tests.Web;

/// <summary>How a server is reached from elsewhere: its public name, TLS, proxies in front.</summary>
public sealed class ReachTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-reach-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0.0.0.0", null, false, false, "--public-url")]
    [InlineData("0.0.0.0", "https://pay.example", false, false, "--tls-certificate")]
    [InlineData("0.0.0.0", "http://pay.example", true, false, "--public-url")]
    [InlineData("0.0.0.0", "https://pay.example/shop", true, false, "--public-url")]
    [InlineData("0.0.0.0", "https://pay.example", true, false, null)]
    [InlineData("0.0.0.0", "https://pay.example", false, true, null)]
    [InlineData("127.0.0.1", null, false, false, null)]
    [InlineData("127.0.0.1", "http://shop.onion", false, false, null)]
    [InlineData("127.0.0.1", "http://localhost:8080", false, false, null)]
    public void What_would_send_keys_in_the_clear_is_refused(string listen, string? url, bool hasTls, bool hasProxy, string? field)
    {
        var options = Options() with
        {
            ListenAddress = IPAddress.Parse(listen),
            PublicUrl = url is null ? null : new Uri(url),
            TlsCertificateFile = hasTls ? "a.pem" : null,
            TlsKeyFile = hasTls ? "b.pem" : null,
            TrustedProxies = hasProxy ? [IPNetwork.Parse("10.0.0.0/8")] : [],
        };
        Assert.Equal(field, ServerAddresses.Check(options)?.Field);
    }

    [Fact]
    public async Task Over_TLS_it_answers_to_its_public_name_and_links_lead_there()
    {
        var (certificate, key) = WriteCertificate("pay.example");
        await using var app = await StartAsync(Options() with { PublicUrl = new Uri("https://pay.example"), TlsCertificateFile = certificate, TlsKeyFile = key });
        using var client = Client(app, "pay.example");
        var session = await new StripeClient(client, app.Services.GetRequiredService<TestAccess>().SecretKey)
            .PostAsync("/v1/checkout/sessions", "mode=payment&success_url=https://shop.example/ok&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=500&line_items[0][price_data][product_data][name]=Tea");
        Assert.StartsWith("https://pay.example/c/", session.Text("url"), StringComparison.Ordinal);

        using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), Token);
        Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
        using var stranger = Client(app, "evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync(new Uri("/health", UriKind.Relative), Token)).StatusCode);
    }

    [Fact]
    public async Task A_certificate_and_a_key_that_do_not_belong_together_are_refused()
    {
        var (certificate, _) = WriteCertificate("one.example");
        var (_, key) = WriteCertificate("two.example");
        Assert.Equal("--tls-certificate", (await ServerHost.BuildAsync(Options() with { TlsCertificateFile = certificate, TlsKeyFile = key }, TimeProvider.System, Token)).Error.Field);
        Assert.Equal("--tls-key", (await ServerHost.BuildAsync(Options() with { TlsCertificateFile = certificate }, TimeProvider.System, Token)).Error.Field);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.Forbidden)]
    public async Task Forwarded_names_count_from_a_trusted_proxy_alone(bool isTrusted, HttpStatusCode expected)
    {
        await using var app = await StartAsync(Options() with { PublicUrl = new Uri("https://pay.example"), TrustedProxies = [IPNetwork.Parse(isTrusted ? "127.0.0.1/32" : "10.0.0.0/8")] });
        using var client = Client(app, "backend.internal");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/health", UriKind.Relative));
        request.Headers.Add("X-Forwarded-Host", "pay.example");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "192.0.2.7");
        using var answer = await client.SendAsync(request, Token);
        Assert.True(answer.StatusCode == expected || (isTrusted && answer.StatusCode == HttpStatusCode.ServiceUnavailable), $"{answer.StatusCode}");
        Assert.Equal(isTrusted, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Health_names_every_part_and_carries_no_secret()
    {
        await using var app = await StartAsync(Options());
        using var client = Client(app, "localhost");
        using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), Token);
        using var health = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        foreach (var part in new[] { "is_healthy", "network", "height", "database", "node", "reconciliation", "outgoing_stopped", "outbox_waiting", "webhooks_waiting", "webhooks_late_seconds", "problems", "notices" })
            Assert.True(health.RootElement.TryGetProperty(part, out _), part);
        Assert.Equal("sqlite", health.RootElement.GetProperty("database").GetString());
        Assert.DoesNotContain("sk_test", health.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    private ServerOptions Options() => new(Port: 0, Path.Combine(_folder, "data"), BitcoinNetwork.Regtest);

    private static async Task<WebApplication> StartAsync(ServerOptions options)
    {
        var app = (await ServerHost.BuildAsync(options, TimeProvider.System, Token)).Value;
        await app.StartAsync(Token);
        return app;
    }

    // The certificate is one that the test has just made; that it is shown at all is what counts.
    private static HttpClient Client(WebApplication app, string host)
    {
        var address = new Uri(app.Urls.Single());
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null } }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Host = $"{host}:{address.Port}";
        return client;
    }

    private (string Certificate, string Key) WriteCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var files = (Path.Combine(_folder, name + ".crt"), Path.Combine(_folder, name + ".key"));
        File.WriteAllText(files.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(files.Item2, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
