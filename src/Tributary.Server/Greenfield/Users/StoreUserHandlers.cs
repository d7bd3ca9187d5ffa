using Tributary.Payments.Identifiers;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Users;

/// <summary>Who uses a store in which role: the team that signs in to it, and users who were added by this dialect. A store always has an owner.</summary>
internal sealed class StoreUserHandlers(GreenfieldUsers users, MemberRows rows, ObjectIds ids, TimeProvider clock, IDatabase database)
{
    private const int ListMax = 1000;

    public static Task<GreenfieldAnswer> RolesAsync(GreenfieldCall call) => Task.FromResult(call.Finish() ?? GreenfieldAnswer.List(UserJson.Roles, static (writer, name) =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", name);
        writer.WriteString("role", name);
        writer.Texts("permissions", RolePolicies.Of(UserJson.RoleOf(name)!.Value));
        writer.WriteBoolean("isServerRole", true);
        writer.WriteEndObject();
    }));

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var found = await database.ReadAsync(
            async (transaction, token) =>
            {
                var all = new List<(GreenfieldUser User, UserProfile Profile, MemberRole Role)>();
                foreach (var id in await NamesAsync(transaction, call.StoreId, token))
                {
                    if (await users.FindAsync(transaction, id, token) is { } user)
                        all.Add((user, await UserProfile.FindAsync(transaction, id, token), user.Stores[call.StoreId]));
                }

                return all;
            },
            cancellationToken);
        return GreenfieldAnswer.List(found, static (writer, one) => UserJson.Write(writer, one.User, one.Profile, one.Role));
    }

    public async Task<GreenfieldAnswer> AddAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var name = call.Body.Text("id", 254) ?? call.Body.Text("userId", 254);
        if (string.IsNullOrEmpty(name) && call.Record is null)
            call.Refuse("id", "This is required: a user's id or e-mail address.");
        var role = ReadRole(call);
        if (call.Finish() is { } refusal)
            return refusal;
        var store = call.StoreId;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await users.FindByEitherAsync(transaction, name!, token) is not { } user)
                    return GreenfieldErrors.Missing("user");
                if (user.Stores.ContainsKey(store))
                    return GreenfieldErrors.Of(StatusCodes.Status409Conflict, "duplicate-store-user-role", "The user is in this store already.");
                await InsertAsync(transaction, store, user.Id, role, clock.GetUtcNow(), token);
                return GreenfieldAnswer.Done;
            },
            cancellationToken);
    }

    public async Task<GreenfieldAnswer> UpdateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var role = ReadRole(call);
        if (call.Finish() is { } refusal)
            return refusal;
        var store = call.StoreId;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await users.FindByEitherAsync(transaction, call.Route("idOrEmail"), token) is not { } user)
                    return GreenfieldErrors.Missing("user");
                if (role != MemberRole.Owner && user.Stores.GetValueOrDefault(store) == MemberRole.Owner && await IsOnlyOwnerAsync(transaction, store, user.Id, token))
                    return Orphaned();
                if (await transaction.ExecuteAsync(
                    "UPDATE store_users SET role = @role WHERE store_id = @store AND user_id = @user",
                    new SqlArguments { { "role", role.ToString() }, { "store", store }, { "user", user.Id } },
                    token) == 1)
                {
                    return GreenfieldAnswer.Done;
                }

                if (!user.Stores.ContainsKey(store))
                {
                    await InsertAsync(transaction, store, user.Id, role, clock.GetUtcNow(), token);
                    return GreenfieldAnswer.Done;
                }

                // The store of the team: the role is the one on the dashboard, and sessions know the old one.
                if (await rows.FindAsync(transaction, user.Id, token) is not { } member)
                    return Orphaned();
                member.Role = role;
                member.SecurityStamp = ids.Random(32);
                return await rows.UpdateAsync(transaction, member, token) ? GreenfieldAnswer.Done : GreenfieldErrors.Of(StatusCodes.Status409Conflict, "changed-meanwhile", "The user was changed at the same moment: try again.");
            },
            cancellationToken);
    }

    public async Task<GreenfieldAnswer> RemoveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var store = call.StoreId;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await users.FindByEitherAsync(transaction, call.Route("idOrEmail"), token) is not { } user || !user.Stores.TryGetValue(store, out var role))
                    return GreenfieldErrors.Missing("user");
                if (role == MemberRole.Owner && await IsOnlyOwnerAsync(transaction, store, user.Id, token))
                    return Orphaned();
                return await transaction.ExecuteAsync(
                    "DELETE FROM store_users WHERE store_id = @store AND user_id = @user", new SqlArguments { { "store", store }, { "user", user.Id } }, token) == 1
                    && !(await rows.FindAsync(transaction, user.Id, token) is { } member && string.Equals(member.StoreId, store, StringComparison.Ordinal))
                        ? GreenfieldAnswer.Done
                        : GreenfieldErrors.Of(StatusCodes.Status409Conflict, "store-of-the-team", "This is the store that the user signs in to: only the user as a whole can be deleted.");
            },
            cancellationToken);
    }

    internal static ValueTask InsertAsync(ISqlTransaction transaction, string store, string user, MemberRole role, DateTimeOffset at, CancellationToken cancellationToken) =>
        transaction.ExecuteOneAsync(
            "INSERT INTO store_users (store_id, user_id, role, created_at) VALUES (@store, @user, @role, @at)",
            new SqlArguments { { "store", store }, { "user", user }, { "role", role.ToString() }, { "at", at } },
            cancellationToken);

    /// <summary>Would the end of a user leave a store that others use, or that is not theirs alone, without an owner?</summary>
    internal static async ValueTask<bool> IsOnlyOwnerSomewhereAsync(ISqlTransaction transaction, string userId, string home, CancellationToken cancellationToken)
    {
        var owned = await transaction.QueryAsync(
            "SELECT store_id FROM store_users WHERE user_id = @user AND role = @role LIMIT @limit",
            new SqlArguments { { "user", userId }, { "role", nameof(MemberRole.Owner) }, { "limit", ListMax } },
            static row => row.Text(0),
            cancellationToken);
        foreach (var store in owned)
        {
            var isShared = (await NamesAsync(transaction, store, cancellationToken)).Any(name => !string.Equals(name, userId, StringComparison.Ordinal));
            if ((isShared || !string.Equals(store, home, StringComparison.Ordinal)) && await IsOnlyOwnerAsync(transaction, store, userId, cancellationToken))
                return true;
        }

        return false;
    }

    private static async ValueTask<bool> IsOnlyOwnerAsync(ISqlTransaction transaction, string store, string userId, CancellationToken cancellationToken)
    {
        // The server's team needs an owner who can sign in to the dashboard; owners by keys alone cannot.
        if (string.Equals(store, PaymentStart.FirstStore, StringComparison.Ordinal) && !string.Equals(userId, GreenfieldUser.OperatorId, StringComparison.Ordinal))
        {
            var owners = await transaction.FirstOrDefaultAsync(
                "SELECT COUNT(*) FROM members WHERE store_id = @store AND role = @role AND id <> @user",
                new SqlArguments { { "store", store }, { "role", nameof(MemberRole.Owner) }, { "user", userId } },
                static row => row.Integer(0),
                cancellationToken);
            return owners == 0;
        }

        var others = await transaction.FirstOrDefaultAsync(
            """
            SELECT (SELECT COUNT(*) FROM store_users WHERE store_id = @store AND role = @role AND user_id <> @user)
              + (SELECT COUNT(*) FROM members WHERE store_id = @store AND role = @role AND id <> @user)
            """,
            new SqlArguments { { "store", store }, { "role", nameof(MemberRole.Owner) }, { "user", userId } },
            static row => row.Integer(0),
            cancellationToken);
        return others == 0;
    }

    private static ValueTask<List<string>> NamesAsync(ISqlTransaction transaction, string store, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT user_id FROM store_users WHERE store_id = @store UNION SELECT id FROM members WHERE store_id = @store ORDER BY 1 LIMIT @limit",
        new SqlArguments { { "store", store }, { "limit", ListMax } },
        static row => row.Text(0),
        cancellationToken);

    private static GreenfieldAnswer Orphaned() =>
        GreenfieldErrors.Of(StatusCodes.Status409Conflict, "store-user-role-orphaned", "The store would be without an owner: give it another one first.");

    private static MemberRole ReadRole(GreenfieldCall call)
    {
        var text = call.Body.Text("storeRole", 100) ?? call.Body.Text("role", 100);
        if (text is null)
            return MemberRole.Owner;
        if (UserJson.RoleOf(text) is { } role)
            return role;
        call.Refuse("storeRole", $"One of {string.Join(", ", UserJson.Roles)} is expected.");
        return MemberRole.Viewer;
    }
}
