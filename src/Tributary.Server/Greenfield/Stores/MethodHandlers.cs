using System.Text.Json;
using Tributary.Payments.Intents;
using Tributary.Payments.Stores;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Stores;

/// <summary>The payment methods of a store: the server's rails, each of which a store offers or not. Wallet and node are the operator's.</summary>
internal sealed class MethodHandlers(StoreHandlers stores, IDatabase database)
{
    private static readonly RailKind[] s_rails = [RailKind.OnChain, RailKind.Lightning];

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var isOnlyEnabled = call.Query.Flag("onlyEnabled") ?? call.Query.Flag("enabled");
        var withConfig = call.Query.Flag("includeConfig") ?? false;
        if (call.Finish() is { } refusal)
            return refusal;
        if (withConfig && !call.Caller!.MayIn(call.StoreId, Policies.CanModifyStoreSettings))
            return GreenfieldErrors.MissingPermission(Policies.CanModifyStoreSettings);
        if (await stores.FindAsync(call.StoreId, cancellationToken) is not { } store)
            return GreenfieldErrors.Missing("store");
        var shown = s_rails.Where(rail => isOnlyEnabled is null || isOnlyEnabled == IsEnabled(store, rail));
        return GreenfieldAnswer.List(shown, (writer, rail) => Write(writer, store, rail, withConfig));
    }

    public async Task<GreenfieldAnswer> RetrieveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var withConfig = call.Query.Flag("includeConfig") ?? false;
        if (call.Finish() is { } refusal)
            return refusal;
        if (withConfig && !call.Caller!.MayIn(call.StoreId, Policies.CanModifyStoreSettings))
            return GreenfieldErrors.MissingPermission(Policies.CanModifyStoreSettings);
        if (RailOf(call) is not { } rail)
            return GreenfieldErrors.Missing("paymentmethod");
        return await stores.FindAsync(call.StoreId, cancellationToken) is { } store
            ? GreenfieldAnswer.Of(writer => Write(writer, store, rail, withConfig))
            : GreenfieldErrors.Missing("store");
    }

    public async Task<GreenfieldAnswer> UpdateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var isEnabled = call.Body.Flag("enabled");
        if (call.Body.Find("config") is { } config && !IsOwn(config))
            call.Body.Refuse("config", "Wallet and node are the server's: the operator chooses them at its start.");
        if (call.Finish() is { } refusal)
            return refusal;
        return RailOf(call) is { } rail ? await SetAsync(call.StoreId, rail, isEnabled, cancellationToken) : GreenfieldErrors.Missing("paymentmethod");
    }

    public async Task<GreenfieldAnswer> DeleteAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        if (RailOf(call) is not { } rail)
            return GreenfieldErrors.Missing("paymentmethod");
        var set = await SetAsync(call.StoreId, rail, false, cancellationToken);
        return set.Status == StatusCodes.Status200OK ? GreenfieldAnswer.Done : set;
    }

    private async Task<GreenfieldAnswer> SetAsync(string id, RailKind rail, bool? isEnabled, CancellationToken cancellationToken)
    {
        var changed = await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await StoreRecords.FindAsync(transaction, id, token) is not { } store)
                    return null;
                if (isEnabled is not { } wanted || wanted == IsEnabled(store, rail))
                    return store;
                var disabled = wanted ? store.Settings.DisabledRails.Remove(rail) : store.Settings.DisabledRails.Add(rail);
                store = store with { Settings = store.Settings with { DisabledRails = disabled } };
                await StoreRecords.UpdateAsync(transaction, store, token);
                return store;
            },
            cancellationToken);
        return changed is null ? GreenfieldErrors.Missing("store") : GreenfieldAnswer.Of(writer => Write(writer, changed, rail, true));
    }

    private static RailKind? RailOf(GreenfieldCall call) => MethodIds.Normalise(call.Route("paymentMethodId")) is { } id ? MethodIds.RailOf(id) : null;

    private static bool IsEnabled(StoreRecord store, RailKind rail) => !store.Settings.DisabledRails.Contains(rail);

    // Clients that set a store up name the server's own node, which is what there is.
    private static bool IsOwn(JsonElement config) => config.ValueKind switch
    {
        JsonValueKind.String => config.GetString() is "Internal Node",
        JsonValueKind.Object => !config.EnumerateObject().Any()
            || (config.TryGetProperty("connectionString", out var connection) && connection.ValueKind == JsonValueKind.String && connection.GetString() is "Internal Node"),
        _ => false,
    };

    private static void Write(Utf8JsonWriter writer, StoreRecord store, RailKind rail, bool withConfig)
    {
        var id = MethodIds.Of(rail)!;
        writer.WriteStartObject();
        writer.WriteBoolean("enabled", IsEnabled(store, rail));
        writer.WriteString("paymentMethodId", id);

        // What it was called before 2.0; shop plugins still read it.
        writer.WriteString("paymentMethod", id);
        writer.WriteString("cryptoCode", "BTC");
        if (!withConfig)
        {
            writer.WriteNull("config");
        }
        else
        {
            writer.WriteStartObject("config");
            if (rail == RailKind.Lightning)
            {
                writer.WriteString("internalNodeRef", "Internal Node");
                writer.WriteString("connectionString", "Internal Node");
            }
            else
            {
                writer.WriteString("label", "The server's wallet");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
