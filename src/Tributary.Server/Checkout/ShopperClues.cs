using System.Net;
using Tributary.Payments.Checkout;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Intents;
using Tributary.Payments.Risk;

namespace Tributary.Server.Checkout;

/// <summary>
/// What the risk gate is told of whoever opens a page to pay: the address of the browser, the browser itself by a cookie that is for nothing else,
/// and the e-mail address that the shop knows.
/// </summary>
internal sealed class ShopperClues(ObjectIds ids, TimeProvider clock)
{
    /// <summary>A random name that a browser keeps. It goes to this server alone, and the gate keeps a pseudonym of it.</summary>
    public const string DeviceCookie = "tributary.device";

    private const int DeviceLength = 24;

    // As long as browsers keep a cookie at most.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(400);

    /// <summary>Reads them, and gives a browser that has no name one.</summary>
    public RiskClues Of(HttpContext context, PaymentIntent intent, CheckoutSession? session) => new()
    {
        IpAddress = AddressOf(context.Connection.RemoteIpAddress),
        Device = DeviceOf(context),
        Email = (session?.CustomerEmail ?? intent.ReceiptEmail) is { Length: > 0 and <= RiskClues.MaxLength } email ? email : null,
    };

    private string DeviceOf(HttpContext context)
    {
        if (context.Request.Cookies[DeviceCookie] is { Length: DeviceLength } known && known.All(char.IsAsciiLetterOrDigit))
            return known;
        var fresh = ids.Random(DeviceLength);
        if (!context.Response.HasStarted)
        {
            context.Response.Cookies.Append(
                DeviceCookie,
                fresh,
                new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/", Expires = clock.GetUtcNow() + s_lifetime });
        }

        return fresh;
    }

    private static string? AddressOf(IPAddress? address) => address is null ? null : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
