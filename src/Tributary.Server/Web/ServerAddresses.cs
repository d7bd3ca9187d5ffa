using System.Net;
using Tributary.Primitives.Results;

namespace Tributary.Server.Web;

/// <summary>Checks how the server is to be reached before it listens: what would send keys and sessions in the clear is refused.</summary>
internal static class ServerAddresses
{
    /// <summary>Why the server must not listen so; null where it may.</summary>
    public static Refusal? Check(ServerOptions options)
    {
        if (options.PublicUrl is { } url)
        {
            if (url.Scheme is not ("http" or "https") || url.AbsolutePath is not "/" || url.Query.Length + url.Fragment.Length + url.UserInfo.Length > 0)
                return new Refusal("--public-url", $"'{url}' is no address of a server; it is like https://pay.example.com");
            if (url.Scheme is "http" && !LocalOnly.IsThisMachine(url.Host) && !url.Host.EndsWith(".onion", StringComparison.OrdinalIgnoreCase))
                return new Refusal("--public-url", "begins with http: keys and sessions would go through the network in the clear; it is like https://pay.example.com");
        }

        if (options.TlsCertificateFile is null != options.TlsKeyFile is null)
            return new Refusal(options.TlsKeyFile is null ? "--tls-key" : "--tls-certificate", "is missing: a certificate and its key go together");
        if (IPAddress.IsLoopback(options.ListenAddress))
            return null;
        if (options.PublicUrl is null)
            return new Refusal("--public-url", $"is missing: a server that listens on {options.ListenAddress} has to know by which name it is reached, because it answers to no other");
        return options.TlsCertificateFile is null && options.TrustedProxies.Count == 0
            ? new Refusal("--tls-certificate", $"is missing: on {options.ListenAddress} keys and sessions would go in the clear. Name a certificate and its key, or --trusted-proxy with the address of the proxy that has them")
            : null;
    }
}
