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
    public static string Header(string secret, string body, DateTimeOffset at) => Header([secret], body, at);

    /// <summary>The header with a signature by each secret: while one is being replaced, receivers may know either.</summary>
    public static string Header(ReadOnlySpan<string> secrets, string body, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{time}.{body}");
        var header = new StringBuilder("t=").Append(time);
        foreach (var secret in secrets)
            header.Append(",v1=").Append(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)));
        return header.ToString();
    }
}
