using Tributary.Payments.Intents;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>Payment and payout methods by their names. Every spelling that BTCPay has had is read; the one of 2.x is written.</summary>
internal static class MethodIds
{
    public const string Lightning = "BTC-LN";
    public const string OnChain = "BTC-CHAIN";
    public const string Lnurl = "BTC-LNURL";

    private static readonly Dictionary<string, string> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BTC-LN"] = Lightning,
        ["BTC_LN"] = Lightning,
        ["BTC-LightningNetwork"] = Lightning,
        ["BTC_LightningNetwork"] = Lightning,
        ["BTC-LightningLike"] = Lightning,
        ["BTC_LightningLike"] = Lightning,
        ["BTC-OffChain"] = Lightning,
        ["BTC"] = OnChain,
        ["BTC-CHAIN"] = OnChain,
        ["BTC_CHAIN"] = OnChain,
        ["BTC-OnChain"] = OnChain,
        ["BTC_OnChain"] = OnChain,
        ["BTC-BTCLike"] = OnChain,
        ["BTC_BTCLike"] = OnChain,
        ["BTC-LNURL"] = Lnurl,
        ["BTC_LNURL"] = Lnurl,
        ["BTC-LNURLPAY"] = Lnurl,
        ["BTC_LNURLPAY"] = Lnurl,
    };

    /// <summary>A method's name of 2.x, whatever spelling it came in; null for one that this server does not know.</summary>
    public static string? Normalise(string? text) => text is not null && s_known.TryGetValue(text.Trim(), out var id) ? id : null;

    /// <summary>The rail that carries a method: LNURL-pay ends in a Lightning invoice.</summary>
    public static RailKind? RailOf(string id) => id switch
    {
        Lightning or Lnurl => RailKind.Lightning,
        OnChain => RailKind.OnChain,
        _ => null,
    };

    /// <summary>The method of a rail; null for one that this dialect has no name for.</summary>
    public static string? Of(RailKind rail) => rail switch
    {
        RailKind.Lightning => Lightning,
        RailKind.OnChain => OnChain,
        _ => null,
    };
}
