using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tributary.Payments.Webhooks;

/// <summary>
/// The header <c>Stripe-Signature: t=…,v1=…</c>: HMAC-SHA256 over time and body. The time is that of the attempt, so that a receiver can refuse old
/// copies.
/// </summary>
public static class WebhookSignature
{
    /// <summary>The header <c>BTCPay-Sig</c> of a body: HMAC-SHA256 over the body alone, as BTCPay's receivers check it.</summary>
    public static string Greenfield(string secret, string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    /// <summary>The header of a body sent at a time.</summary>
    public static string Header(string secret, string body, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}"));
        return $"t={time},v1={Convert.ToHexStringLower(mac)}";
    }
}
