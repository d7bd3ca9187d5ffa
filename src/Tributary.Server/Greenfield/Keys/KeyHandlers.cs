using System.Collections.Immutable;
using System.Globalization;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Keys;

/// <summary>What the routes of API keys and of the user do.</summary>
internal sealed class KeyHandlers(GreenfieldKeyStore keys, GreenfieldUsers users, IDatabase database)
{
    private const int LabelMax = 200;
    private const int PermissionsMax = 200;

    public static Task<GreenfieldAnswer> CurrentAsync(GreenfieldCall call) => Task.FromResult(
        call.Finish() ?? (call.Caller is { Key: { } key, Secret: { } secret } ? Answer(key, secret) : GreenfieldErrors.Missing("apikey")));

    public async Task<GreenfieldAnswer> RevokeCurrentAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return call.Caller is { Key: { } key, Secret: { } secret } && await RevokeAsync(key, cancellationToken) ? Answer(key, secret) : GreenfieldErrors.Missing("apikey");
    }

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var label = call.Body.Text("label", LabelMax);
        var permissions = ReadPermissions(call);
        if (call.Finish() is { } refusal)
            return refusal;
        var user = call.Caller!.User.Id;
        var (key, secret) = await database.WriteAsync((transaction, token) => keys.IssueAsync(transaction, user, label, null, permissions, token), cancellationToken);
        return Answer(key, secret);
    }

    /// <summary>Ends a key of the caller, by the key itself.</summary>
    public async Task<GreenfieldAnswer> RevokeAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var secret = call.Route("apikey");
        var found = await database.ReadAsync((transaction, token) => GreenfieldKeyStore.FindAsync(transaction, secret, token), cancellationToken);
        return found is not null && string.Equals(found.UserId, call.Caller!.User.Id, StringComparison.Ordinal) && await RevokeAsync(found, cancellationToken)
            ? GreenfieldAnswer.Done
            : GreenfieldErrors.Missing("apikey");
    }

    public async Task<GreenfieldAnswer> CreateForUserAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var label = call.Body.Text("label", LabelMax);
        var permissions = ReadPermissions(call);
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindUserAsync(call.Route("idOrEmail"), cancellationToken) is not { } user)
            return GreenfieldErrors.Missing("user");
        var (key, secret) = await database.WriteAsync((transaction, token) => keys.IssueAsync(transaction, user.Id, label, null, permissions, token), cancellationToken);
        return Answer(key, secret);
    }

    public async Task<GreenfieldAnswer> RevokeForUserAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindUserAsync(call.Route("idOrEmail"), cancellationToken) is not { } user)
            return GreenfieldErrors.Missing("user");
        var secret = call.Route("apikey");
        var found = await database.ReadAsync((transaction, token) => GreenfieldKeyStore.FindAsync(transaction, secret, token), cancellationToken);
        return found is not null && string.Equals(found.UserId, user.Id, StringComparison.Ordinal) && await RevokeAsync(found, cancellationToken)
            ? GreenfieldAnswer.Done
            : GreenfieldErrors.Missing("apikey");
    }

    private static ImmutableArray<GrantedPolicy> ReadPermissions(GreenfieldCall call)
    {
        var granted = ImmutableArray.CreateBuilder<GrantedPolicy>();
        var asked = call.Body.Texts("permissions", 200, PermissionsMax) ?? [];
        for (var i = 0; i < asked.Count; i++)
        {
            if (!GrantedPolicy.TryParse(asked[i], out var policy))
                call.Refuse($"permissions[{i.ToString(CultureInfo.InvariantCulture)}]", $"'{asked[i]}' is no permission that this server knows.");
            else if (!granted.Contains(policy))
                granted.Add(policy);
        }

        return granted.ToImmutable();
    }

    private static GreenfieldAnswer Answer(GreenfieldKey key, string secret) => GreenfieldAnswer.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("apiKey", secret);
        writer.WriteString("label", key.Label ?? "");
        writer.Texts("permissions", key.Permissions.Select(static granted => granted.ToString()));
        writer.WriteEndObject();
    });

    private async Task<bool> RevokeAsync(GreenfieldKey key, CancellationToken cancellationToken) =>
        await database.WriteAsync((transaction, token) => keys.RevokeAsync(transaction, key.UserId, key.Id, token), cancellationToken);

    private async Task<GreenfieldUser?> FindUserAsync(string idOrEmail, CancellationToken cancellationToken) => await database.ReadAsync(
        (transaction, token) => users.FindByEitherAsync(transaction, idOrEmail, token), cancellationToken);
}
