using System.Collections.Immutable;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>Users with their stores: a member has the store of the team, and those made or joined through this dialect.</summary>
internal sealed class GreenfieldUsers(TeamDirectory members)
{
    private const int StoresMax = 1000;

    /// <summary>Until when somebody is locked out who was locked out by a person: wrong passwords lock for minutes.</summary>
    public static readonly DateTimeOffset LockedForGood = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A user by name; null for one that is gone.</summary>
    public async ValueTask<GreenfieldUser?> FindAsync(ISqlTransaction transaction, string userId, CancellationToken cancellationToken)
    {
        if (string.Equals(userId, GreenfieldUser.OperatorId, StringComparison.Ordinal))
        {
            var all = await StoresAsync(transaction, userId, (PaymentStart.FirstStore, MemberRole.Owner), cancellationToken);
            var since = await transaction.FirstOrDefaultAsync(
                "SELECT created_at FROM stores WHERE id = @id", new SqlArguments { { "id", PaymentStart.FirstStore } }, static row => row.Time(0), cancellationToken);
            return new GreenfieldUser(userId, null, all, since) { IsAdministrator = true };
        }

        return await members.FindAsync(transaction, userId, cancellationToken) is { } member ? await OfAsync(transaction, member, cancellationToken) : null;
    }

    /// <summary>A member by the address that they sign in with.</summary>
    public async ValueTask<GreenfieldUser?> FindByEmailAsync(ISqlTransaction transaction, string email, CancellationToken cancellationToken) =>
        await members.FindByEmailAsync(transaction, email.Trim().ToUpperInvariant(), cancellationToken) is { } member ? await OfAsync(transaction, member, cancellationToken) : null;

    /// <summary>A user by name or address.</summary>
    public async ValueTask<GreenfieldUser?> FindByEitherAsync(ISqlTransaction transaction, string idOrEmail, CancellationToken cancellationToken) =>
        await FindAsync(transaction, idOrEmail, cancellationToken) ?? await FindByEmailAsync(transaction, idOrEmail, cancellationToken);

    /// <summary>A member as a user.</summary>
    public static async ValueTask<GreenfieldUser> OfAsync(ISqlTransaction transaction, Member member, CancellationToken cancellationToken)
    {
        var stores = await StoresAsync(transaction, member.Id, (member.StoreId, member.Role), cancellationToken);
        return new GreenfieldUser(member.Id, member.Email, stores, member.CreatedAt)
        {
            IsAdministrator = member.Role == MemberRole.Owner && string.Equals(member.StoreId, PaymentStart.FirstStore, StringComparison.Ordinal),
            IsLocked = member.LockedUntil >= LockedForGood,
        };
    }

    private static async ValueTask<ImmutableSortedDictionary<string, MemberRole>> StoresAsync(
        ISqlTransaction transaction, string userId, (string Id, MemberRole Role) home, CancellationToken cancellationToken)
    {
        var rows = await transaction.QueryAsync(
            "SELECT store_id, role FROM store_users WHERE user_id = @user ORDER BY store_id LIMIT @limit",
            new SqlArguments { { "user", userId }, { "limit", StoresMax } },
            static row => KeyValuePair.Create(row.Text(0), Enum.Parse<MemberRole>(row.Text(1))),
            cancellationToken);
        var stores = rows.ToImmutableSortedDictionary(StringComparer.Ordinal);

        // Who was made by this dialect owns a store that the dashboard lets them look at.
        return stores.ContainsKey(home.Id) ? stores : stores.Add(home.Id, home.Role);
    }
}
