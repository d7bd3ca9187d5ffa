using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Payments.Stores;
using Tributary.Server.Greenfield.Frame;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Stores;

/// <summary>What a store's bitcoin costs: the server's price source with the store's spread. A store chooses the spread, the operator the source.</summary>
internal sealed class RateHandlers(StoreHandlers stores, Quoter quoter, IPriceSource source, IDatabase database)
{
    private const int PairsMax = 200;
    private const decimal SpreadMax = 50;

    public async Task<GreenfieldAnswer> RatesAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var asked = call.Query.Texts("currencyPair", 20);
        if (call.Finish() is { } refusal)
            return refusal;
        return await stores.FindAsync(call.StoreId, cancellationToken) is { } store ? Rates(asked, store.Settings, store.Settings.SpreadBasisPoints) : GreenfieldErrors.Missing("store");
    }

    public async Task<GreenfieldAnswer> PreviewAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var asked = call.Query.Texts("currencyPair", 20);
        var spread = ReadConfiguration(call.Body);
        if (call.Finish() is { } refusal)
            return refusal;
        return await stores.FindAsync(call.StoreId, cancellationToken) is { } store ? Rates(asked, store.Settings, spread) : GreenfieldErrors.Missing("store");
    }

    public async Task<GreenfieldAnswer> ConfigurationAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        if (!IsSource(call.Route("rateSource")))
            return GreenfieldErrors.Missing("rate-source");
        return await stores.FindAsync(call.StoreId, cancellationToken) is { } store ? Configuration(store.Settings) : GreenfieldErrors.Missing("store");
    }

    public async Task<GreenfieldAnswer> ConfigureAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var spread = ReadConfiguration(call.Body);
        if (call.Finish() is { } refusal)
            return refusal;
        if (!IsSource(call.Route("rateSource")))
            return GreenfieldErrors.Missing("rate-source");
        var id = call.StoreId;
        var changed = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await StoreRecords.FindAsync(transaction, id, token) is not { } store)
                    return null;
                store = store with { Settings = store.Settings with { SpreadBasisPoints = spread } };
                await StoreRecords.UpdateAsync(transaction, store, token);
                return store;
            },
            cancellationToken);
        return changed is null ? GreenfieldErrors.Missing("store") : Configuration(changed.Settings);
    }

    // BTCPay 2.4 keeps two configurations, a primary one and a fallback; older clients name none.
    private static bool IsSource(string name) => name.Length == 0 || name.Equals("primary", StringComparison.OrdinalIgnoreCase);

    private int? ReadConfiguration(GreenfieldBody body)
    {
        var spread = body.Number("spread", 0, SpreadMax);
        if (spread is { } percent && percent * 100 != decimal.Truncate(percent * 100))
            body.Refuse("spread", "Hundredths of a percent are the finest spread.");
        if (body.Flag("isCustomScript") == true)
            body.Refuse("isCustomScript", "Prices come from the operator's source; scripts are not run.");
        if (body.Text("preferredSource", 100) is { Length: > 0 } preferred && !preferred.Equals(source.Name, StringComparison.OrdinalIgnoreCase))
            body.Refuse("preferredSource", $"The one source of this server is '{source.Name}'; the operator chooses it.");
        _ = body.Text("effectiveScript", 100_000);
        return spread is { } asked ? (int)(asked * 100) : null;
    }

    private GreenfieldAnswer Configuration(StoreSettings settings) => GreenfieldAnswer.Of(writer =>
    {
        writer.WriteStartObject();

        // A number, as BTCPay sends it and its libraries read it, though its document says text.
        writer.WriteNumber("spread", (settings.SpreadBasisPoints ?? 0) / 100m);
        writer.WriteString("preferredSource", source.Name);
        writer.WriteBoolean("isCustomScript", false);
        writer.WriteString("effectiveScript", "");
        writer.WriteEndObject();
    });

    private GreenfieldAnswer Rates(IReadOnlyList<string> asked, StoreSettings settings, int? spread)
    {
        // Clients send the pairs as repeated keys or as one list with commas.
        string[] pairs = [.. asked.SelectMany(static text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Take(PairsMax)];
        if (pairs.Length == 0)
            pairs = ["BTC_" + settings.DefaultCurrency.Code.ToUpperInvariant()];
        return GreenfieldAnswer.List(pairs, (writer, pair) => Write(writer, pair, spread ?? 0));
    }

    private void Write(Utf8JsonWriter writer, string pair, int spread)
    {
        var parts = pair.Split('_', '/');
        var (rate, problem) = parts.Length != 2 ? (null, "A pair is written like BTC_EUR.") : Find(parts[0], parts[1], spread);
        writer.WriteStartObject();
        writer.WriteString("currencyPair", pair);
        writer.Texts("errors", problem is null ? [] : [problem]);
        writer.Text("rate", rate);
        writer.WriteEndObject();
    }

    private (string? Rate, string? Problem) Find(string left, string right, int spread)
    {
        if (string.Equals(left, right, StringComparison.OrdinalIgnoreCase))
            return ("1", null);
        var isInverse = right.Equals("BTC", StringComparison.OrdinalIgnoreCase);
        if (!isInverse && !left.Equals("BTC", StringComparison.OrdinalIgnoreCase))
            return (null, "One of the two has to be BTC.");
        if (!Currency.TryParse(isInverse ? left : right, out var currency) || quoter.PriceNow(currency, spread) is not { } price)
            return (null, "There is no current price.");
        if (!isInverse)
            return (GreenfieldAmounts.Rate(price), null);
        var one = decimal.Parse(GreenfieldAmounts.Rate(price), CultureInfo.InvariantCulture);
        return one == 0 ? (null, "There is no current price.") : (decimal.Round(1 / one, 16).ToString("0.################", CultureInfo.InvariantCulture), null);
    }
}
