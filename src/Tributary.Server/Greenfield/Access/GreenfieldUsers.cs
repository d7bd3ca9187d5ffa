using System.Collections.Immutable;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>Users with their stores: a member has the store of the team, and those made or joined through this dialect.</summary>
internal sealed class GreenfieldUsers(TeamDirectory members)
{
    private const int StoresMax = 1000;

    /// <summary>A user by name; null for one that is gone.</summary>
    public async ValueTask<GreenfieldUser?> FindAsync(ISqlTransaction transaction, string userId, CancellationToken cancellationToken)
    {
        if (string.Equals(userId, GreenfieldUser.OperatorId, StringComparison.Ordinal))
        {
            var all = await StoresAsync(transaction, userId, (PaymentStart.FirstStore, MemberRole.Owner), cancellationToken);
            return new GreenfieldUser(userId, null, all, DateTimeOffset.UnixEpoch) { IsAdministrator = true };
        }

        return await members.FindAsync(transaction, userId, cancellationToken) is { } member ? await OfAsync(transaction, member, cancellationToken) : null;
    }

    /// <summary>A member by the address that they sign in with.</summary>
    public async ValueTask<GreenfieldUser?> FindByEmailAsync(ISqlTransaction transaction, string email, CancellationToken cancellationToken) =>
        await members.FindByEmailAsync(transaction, email.Trim().ToUpperInvariant(), cancellationToken) is { } member ? await OfAsync(transaction, member, cancellationToken) : null;

    /// <summary>A member as a user.</summary>
    public static async ValueTask<GreenfieldUser> OfAsync(ISqlTransaction transaction, Member member, CancellationToken cancellationToken)
    {
        var stores = await StoresAsync(transaction, member.Id, (member.StoreId, member.Role), cancellationToken);
        return new GreenfieldUser(member.Id, member.Email, stores, member.CreatedAt)
        {
            IsAdministrator = member.Role == MemberRole.Owner && string.Equals(member.StoreId, PaymentStart.FirstStore, StringComparison.Ordinal),
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
        return rows.ToImmutableSortedDictionary(StringComparer.Ordinal).SetItem(home.Id, home.Role);
    }
}
