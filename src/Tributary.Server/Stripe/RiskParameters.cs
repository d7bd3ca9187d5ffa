using System.Net;
using Tributary.Payments;
using Tributary.Payments.Risk;
using Tributary.Server.Stripe.Parameters;

namespace Tributary.Server.Stripe;

/// <summary>
/// What a merchant tells the risk gate of whoever pays: <c>tributary[payer][ip_address]</c>, <c>[device]</c>, <c>[authenticated]</c>, and Stripe's
/// <c>radar_options[session]</c> where there is no device.
/// </summary>
internal static class RiskParameters
{
    /// <summary>The confirmation with its clues; they are read in any case, so that a slip is named.</summary>
    public static ConfirmRequest? With(ParameterReader parameters, ConfirmRequest? confirm)
    {
        var session = parameters.Inner("radar_options")?.Text("session", RiskClues.MaxLength);
        var clues = RiskClues.None;
        if (parameters.Inner("tributary")?.Inner("payer") is { } payer)
        {
            var address = payer.Text("ip_address", RiskClues.MaxLength);
            IPAddress? parsed = null;
            if (address is not null && !IPAddress.TryParse(address, out parsed))
                payer.Refuse("parameter_invalid", "ip_address", "Not an IP address, such as 203.0.113.7 or 2001:db8::7.");
            clues = new RiskClues
            {
                IpAddress = parsed?.ToString(),
                Device = payer.Text("device", RiskClues.MaxLength),
                IsAuthenticated = payer.Flag("authenticated") ?? false,
            };
        }

        return confirm is null ? null : confirm with { Clues = clues with { Device = clues.Device ?? session } };
    }
}
