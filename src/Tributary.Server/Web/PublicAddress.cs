using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Tributary.Server.Web;

/// <summary>
/// Where shoppers reach this server. It is what the server itself knows, never what a request claims: an address that is sent to others must not
/// follow a forged host name.
/// </summary>
internal sealed class PublicAddress(IServer server, ServerOptions options)
{
    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Origin => options.PublicUrl is { } url ? url.GetLeftPart(UriPartial.Authority) : server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.TrimEnd('/') ?? "http://localhost";
}
