using System.Globalization;
using System.Text.Json;
using Tributary.Payments.Lnurl;
using Tributary.Payments.Money;
using Tributary.Server.Greenfield.Frame;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.LightningNames;

/// <summary>The Lightning Addresses of a store. What is paid to one becomes a payment intent in satoshis.</summary>
internal sealed class NameHandlers(Tributary.Payments.Lnurl.LightningNames names, IDatabase database)
{
    private const long SatoshisMax = 2_100_000_000_000_000;

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var found = await database.ReadAsync((transaction, token) => Tributary.Payments.Lnurl.LightningNames.ListAsync(transaction, call.StoreId, call.IsLive, token), cancellationToken);
        return GreenfieldAnswer.List(found, Write);
    }

    public async Task<GreenfieldAnswer> RetrieveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await FindAsync(call, cancellationToken) is { } name ? GreenfieldAnswer.Of(writer => Write(writer, name)) : GreenfieldErrors.Missing("lightning-address");
    }

    public async Task<GreenfieldAnswer> RegisterAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var least = call.Body.Integer("min", 1, SatoshisMax);
        var most = call.Body.Integer("max", 1, SatoshisMax);
        if (call.Body.Text("currencyCode", 10) is { Length: > 0 } code && !(Currency.TryParse(code, out var currency) && currency.IsBitcoin) && !code.Equals("SATS", StringComparison.OrdinalIgnoreCase))
            call.Refuse("currencyCode", "What a wallet sends to a Lightning Address is bitcoin: BTC or SATS, or none.");
        if (call.Body.Raw("invoiceMetadata", 4096) is { } metadata && metadata.EnumerateObject().Any())
            call.Refuse("invoiceMetadata", "Payments to an address carry no metadata of the store.");
        if (call.Finish() is { } refusal)
            return refusal;
        var before = await FindAsync(call, cancellationToken);
        var wanted = (before ?? new LightningName { Name = NameOf(call), StoreId = call.StoreId, IsLive = call.IsLive, CreatedAt = default }) with { MinSatoshis = least ?? 1, MaxSatoshis = most };
        var made = await database.WriteAsync((transaction, token) => names.RegisterAsync(transaction, wanted, token), cancellationToken);
        return made.TryGet(out var name, out var error) ? GreenfieldAnswer.Of(writer => Write(writer, name)) : GreenfieldErrors.Of(error, error.Parameter);
    }

    public async Task<GreenfieldAnswer> RemoveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var isGone = await database.WriteAsync(
            (transaction, token) => Tributary.Payments.Lnurl.LightningNames.RemoveAsync(transaction, call.StoreId, call.IsLive, NameOf(call), token), cancellationToken);
        return isGone ? GreenfieldAnswer.Done : GreenfieldErrors.Missing("lightning-address");
    }

    private async Task<LightningName?> FindAsync(GreenfieldCall call, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => Tributary.Payments.Lnurl.LightningNames.FindAsync(transaction, NameOf(call), token), cancellationToken) is { } name
        && name.IsLive == call.IsLive && string.Equals(name.StoreId, call.StoreId, StringComparison.Ordinal)
            ? name
            : null;

    private static string NameOf(GreenfieldCall call) => call.Route("username").Trim().ToLowerInvariant();

    private static void Write(Utf8JsonWriter writer, LightningName name)
    {
        writer.WriteStartObject();
        writer.WriteString("username", name.Name);
        writer.WriteNull("currencyCode");
        writer.WriteString("min", name.MinSatoshis.ToString(CultureInfo.InvariantCulture));
        writer.Text("max", name.MaxSatoshis?.ToString(CultureInfo.InvariantCulture));
        writer.WriteNull("invoiceMetadata");
        writer.WriteEndObject();
    }
}
