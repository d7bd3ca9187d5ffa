using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Tributary.Payments.Money;

/// <summary>
/// A currency by its lower-case code: bitcoin (<c>btc</c>, whose minor unit is the satoshi) or one of ISO 4217 with the number of decimals that
/// Stripe's API uses, so that an amount means the same in both.
/// </summary>
public readonly record struct Currency
{
    // ISO 4217 (2026), currencies of countries; the decimals of those that differ from two are below.
    private static readonly HashSet<string> s_twoDecimals =
    [
        "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt", "bmd", "bnd", "bob", "brl", "bsd", "btn", "bwp",
        "byn", "bzd", "cad", "cdf", "chf", "cny", "cop", "crc", "cup", "cve", "czk", "dkk", "dop", "dzd", "egp", "ern", "etb", "eur", "fjd", "fkp",
        "gbp", "gel", "ghs", "gip", "gmd", "gtq", "gyd", "hkd", "hnl", "htg", "huf", "idr", "ils", "inr", "irr", "isk", "jmd", "kes", "kgs", "khr",
        "kpw", "kyd", "kzt", "lak", "lbp", "lkr", "lrd", "lsl", "mad", "mdl", "mkd", "mmk", "mnt", "mop", "mru", "mur", "mvr", "mwk", "mxn", "myr",
        "mzn", "nad", "ngn", "nio", "nok", "npr", "nzd", "pab", "pen", "pgk", "php", "pkr", "pln", "qar", "ron", "rsd", "rub", "sar", "sbd", "scr",
        "sdg", "sek", "sgd", "shp", "sle", "sos", "srd", "ssp", "stn", "svc", "syp", "szl", "thb", "tjs", "tmt", "top", "try", "ttd", "twd", "tzs",
        "uah", "ugx", "usd", "uyu", "uzs", "ves", "wst", "xcd", "yer", "zar", "zmw",
    ];

    private static readonly HashSet<string> s_zeroDecimals =
        ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];

    private static readonly HashSet<string> s_threeDecimals = ["bhd", "jod", "kwd", "omr", "tnd"];

    private readonly string? _code;

    private Currency(string code) => _code = code;

    /// <summary>All of them, by their codes.</summary>
    public static ImmutableArray<Currency> All { get; } =
        [.. s_twoDecimals.Concat(s_zeroDecimals).Concat(s_threeDecimals).Append("btc").Order(StringComparer.Ordinal).Select(static code => new Currency(code))];

    /// <summary>Bitcoin, in satoshis.</summary>
    public static Currency Bitcoin { get; } = new("btc");

    /// <summary>Three lower-case letters.</summary>
    public string Code => _code ?? throw new InvalidOperationException("A currency without a code.");

    public bool IsBitcoin => string.Equals(_code, "btc", StringComparison.Ordinal);

    /// <summary>Decimals of the main unit that a minor unit stands for: 2 for EUR, 0 for JPY, 3 for KWD, 8 for BTC.</summary>
    public int Decimals => IsBitcoin ? 8 : s_zeroDecimals.Contains(Code) ? 0 : s_threeDecimals.Contains(Code) ? 3 : 2;

    /// <summary>Reads a code in either case; false for one that is not known.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Currency currency)
    {
        currency = default;
        if (text is not { Length: 3 })
            return false;
        var code = text.ToLowerInvariant();
        if (!string.Equals(code, "btc", StringComparison.Ordinal) && !s_twoDecimals.Contains(code) && !s_zeroDecimals.Contains(code) && !s_threeDecimals.Contains(code))
            return false;
        currency = new Currency(code);
        return true;
    }

    /// <summary>The currency of a code that the program itself wrote.</summary>
    public static Currency Of(string code) =>
        TryParse(code, out var currency) ? currency : throw new ArgumentException($"'{code}' is no currency.", nameof(code));

    public override string ToString() => _code ?? "?";
}
