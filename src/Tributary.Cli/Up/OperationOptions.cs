using System.CommandLine;
using System.Net;
using Tributary.Primitives.Results;
using Tributary.Server;

namespace Tributary.Cli.Up;

/// <summary>The words of <c>up</c> that say how the server is reached and watched.</summary>
internal sealed class OperationOptions
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "IP address where the server takes connections; beyond this machine it needs --public-url, and a certificate or a trusted proxy.",
        DefaultValueFactory = static _ => "127.0.0.1",
    };

    private readonly Option<string?> _publicUrl = new("--public-url") { Description = "By which address shoppers reach the server, like https://pay.example.com." };
    private readonly Option<string?> _certificate = new("--tls-certificate") { Description = "PEM file of the certificate and those above it; read again when it is renewed." };
    private readonly Option<string?> _key = new("--tls-key") { Description = "PEM file of the certificate's key." };

    private readonly Option<string[]> _proxies = new("--trusted-proxy")
    {
        Description = "IP address or network (10.0.0.0/8) of a proxy in front whose X-Forwarded headers count; may be repeated.",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _otlp = new("--otlp")
    {
        Description = "Collector of OpenTelemetry for traces, metrics and logs over gRPC, like http://127.0.0.1:4317; headers come from OTEL_EXPORTER_OTLP_HEADERS.",
    };

    private readonly Option<string> _logFormat = new("--log-format") { Description = "text or json; logs go to standard error.", DefaultValueFactory = static _ => "text" };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_listen, _publicUrl, _certificate, _key, _proxies, _otlp, _logFormat])
            command.Add(option);
    }

    /// <summary>The options with what was said; refused with the word that cannot be understood.</summary>
    public Result<ServerOptions, Refusal> Read(ParseResult parsed, ServerOptions options)
    {
        if (!IPAddress.TryParse(parsed.GetValue(_listen), out var listen))
            return new Refusal("--listen", $"'{parsed.GetValue(_listen)}' is no IP address; it is like 0.0.0.0 or 192.0.2.7");
        if (!TryUrl(parsed.GetValue(_publicUrl), out var publicUrl))
            return new Refusal("--public-url", $"'{parsed.GetValue(_publicUrl)}' is no address; it is like https://pay.example.com");
        if (!TryUrl(parsed.GetValue(_otlp), out var otlp))
            return new Refusal("--otlp", $"'{parsed.GetValue(_otlp)}' is no address; it is like http://127.0.0.1:4317");
        if (parsed.GetValue(_logFormat) is not ("text" or "json"))
            return new Refusal("--log-format", $"'{parsed.GetValue(_logFormat)}' is neither text nor json");
        var proxies = new List<IPNetwork>();
        foreach (var text in parsed.GetValue(_proxies)!)
        {
            if (IPAddress.TryParse(text, out var one))
                proxies.Add(new IPNetwork(one, one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128));
            else if (IPNetwork.TryParse(text, out var network))
                proxies.Add(network);
            else
                return new Refusal("--trusted-proxy", $"'{text}' is neither an IP address nor a network; it is like 127.0.0.1 or 10.0.0.0/8");
        }

        return options with
        {
            ListenAddress = listen,
            PublicUrl = publicUrl,
            TlsCertificateFile = FullPath(parsed.GetValue(_certificate)),
            TlsKeyFile = FullPath(parsed.GetValue(_key)),
            TrustedProxies = proxies,
            OtlpEndpoint = otlp,
            LogsJson = parsed.GetValue(_logFormat) is "json",
        };
    }

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private static bool TryUrl(string? text, out Uri? url)
    {
        url = null;
        return text is null || (Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https");
    }
}
