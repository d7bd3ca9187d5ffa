using Tributary.Payments.Money;

namespace Tributary.Payments.Ledger;

/// <summary>What an account counts: millisatoshis of bitcoin (<c>msat</c>), or the minor units of a currency on a card rail.</summary>
public readonly record struct Asset
{
    private readonly string? _code;

    private Asset(string code) => _code = code;

    /// <summary>Bitcoin, in millisatoshis.</summary>
    public static Asset Bitcoin { get; } = new("msat");

    /// <summary>"msat", or a currency's code.</summary>
    public string Code => _code ?? throw new InvalidOperationException("An asset without a code.");

    /// <summary>A currency's minor units; bitcoin is always counted in millisatoshis.</summary>
    public static Asset Of(Currency currency) => currency.IsBitcoin ? Bitcoin : new(currency.Code);

    /// <summary>The asset of a code that the program itself wrote.</summary>
    public static Asset Parse(string code) => string.Equals(code, "msat", StringComparison.Ordinal) ? Bitcoin : Of(Currency.Of(code));

    public override string ToString() => _code ?? "?";
}
