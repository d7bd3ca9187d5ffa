using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Money;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Quotes;

/// <summary>
/// Prices from a file that another program keeps up to date: JSON of currencies and what one bitcoin costs in them, in decimal notation
/// (<c>{ "eur": "67123.45", "jpy": 9900000 }</c>). The file's time of change is the prices' time, so a file that nobody writes any more goes stale. It
/// is read in the background; a file that cannot be read leaves the last prices, which age.
/// </summary>
public sealed class FilePriceSource(string path) : IPriceSource
{
    private const int BytesMax = 1 << 16;

    private volatile Snapshot _prices = new(default, FrozenDictionary<Currency, BitcoinPrice>.Empty);

    private sealed record Snapshot(DateTimeOffset At, FrozenDictionary<Currency, BitcoinPrice> Prices);

    public string Name => "file";

    public ObservedPrice? Find(Currency currency)
    {
        var snapshot = _prices;
        return snapshot.Prices.TryGetValue(currency, out var price) ? new ObservedPrice(price, snapshot.At) : null;
    }

    /// <summary>Reads the file where it has changed.</summary>
    /// <returns>Null, or what is wrong with the file.</returns>
    public Refusal? Refresh()
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return new Refusal("price_file", $"{path} is not there");
            if (file.Length > BytesMax)
                return new Refusal("price_file", $"{path} has more than {BytesMax} bytes");
            var at = new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
            if (at == _prices.At)
                return null;
            if (!Parse(File.ReadAllBytes(path)).TryGet(out var prices, out var refusal))
                return refusal;
            _prices = new Snapshot(at, prices);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("price_file", $"{path} can't be read: {exception.Message}");
        }
    }

    /// <summary>Reads the file's form.</summary>
    internal static Result<FrozenDictionary<Currency, BitcoinPrice>, Refusal> Parse(ReadOnlyMemory<byte> json)
    {
        // Some editors begin a file with a byte order mark.
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return new Refusal("price_file", "is an object of currencies and prices, such as { \"eur\": \"67123.45\" }");
            var prices = new Dictionary<Currency, BitcoinPrice>();
            foreach (var line in document.RootElement.EnumerateObject())
            {
                if (!Currency.TryParse(line.Name, out var currency) || currency.IsBitcoin)
                    return new Refusal(line.Name, "is no currency that bitcoin has a price in");
                var text = line.Value.ValueKind switch
                {
                    JsonValueKind.String => line.Value.GetString()!,
                    JsonValueKind.Number => line.Value.GetRawText(),
                    _ => "",
                };
                if (!TryRead(text, currency, out var price))
                    return new Refusal(line.Name, $"'{text}' is no price: digits with at most {currency.Decimals + 3} decimals, more than zero");
                prices[currency] = price;
            }

            return prices.ToFrozenDictionary();
        }
        catch (JsonException exception)
        {
            return new Refusal("price_file", $"is no JSON: {exception.Message}");
        }
    }

    // Decimal notation to thousandths of a minor unit, without floating point.
    private static bool TryRead(string text, Currency currency, out BitcoinPrice price)
    {
        price = default;
        var places = currency.Decimals + 3;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, part) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        if (whole.Length is 0 or > 12 || part.Length > places || (point >= 0 && part.Length == 0))
            return false;
        if (!long.TryParse(whole + part.PadRight(places, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value <= 0)
            return false;
        price = new BitcoinPrice(currency, value);
        return true;
    }
}
