using Microsoft.AspNetCore.Identity;
using Tributary.Payments.Checkout;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Stores;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Users;

/// <summary>
/// What the routes of users do. A user is a member of the team. One that is made here and is no administrator owns a store of their own by their keys;
/// on the dashboard, which belongs to the server's team, they look at that store and do nothing else.
/// </summary>
internal sealed class UserHandlers(
    GreenfieldUsers users, MemberRows rows, UserManager<Member> members, PasswordResets resets, StoreRecords stores, ObjectIds ids, TimeProvider clock, IDatabase database)
{
    private const int PasswordMax = 500;
    private const int EmailMax = 254;
    private const int ListMax = 1000;

    public async Task<GreenfieldAnswer> RetrieveAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await FindAsync(call, cancellationToken) is { } user ? await AnswerAsync(user, StatusCodes.Status200OK, null, cancellationToken) : GreenfieldErrors.Missing("user");
    }

    public async Task<GreenfieldAnswer> ListAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        var found = await database.ReadAsync(
            async (transaction, token) =>
            {
                var all = new List<(GreenfieldUser, UserProfile)>();
                var names = await transaction.QueryAsync(
                    "SELECT id FROM members ORDER BY created_at, id LIMIT @limit", new SqlArguments { { "limit", ListMax } }, static row => row.Text(0), token);
                foreach (var name in names)
                {
                    if (await users.FindAsync(transaction, name, token) is { } user)
                        all.Add((user, await UserProfile.FindAsync(transaction, name, token)));
                }

                return all;
            },
            cancellationToken);
        return GreenfieldAnswer.List(found, static (writer, one) => UserJson.Write(writer, one.Item1, one.Item2, null));
    }

    public async Task<GreenfieldAnswer> CreateAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var email = call.Body.RequiredText("email", EmailMax).Trim();
        var password = call.Body.Text("password", PasswordMax);
        var isAdministrator = call.Body.Flag("isAdministrator") ?? false;
        var profile = ReadProfile(call, UserProfile.None);
        _ = call.Body.Flag("sendInvitationEmail");
        if (email.Length > 0 && CheckoutRules.CheckEmail(email) is { } wrong)
            call.Refuse("email", wrong.Message);
        var member = Fresh(email, isAdministrator);
        if (call.Record is null && password is { Length: > 0 })
            await SetPasswordAsync(call, member, password, "password");
        if (call.Finish() is { } refusal)
            return refusal;
        if (isAdministrator && !call.Caller!.May(Policies.Unrestricted))
            return GreenfieldErrors.MissingPermission(Policies.Unrestricted);
        var (made, secret) = await database.WriteAsync<(Member?, string?)>(
            async (transaction, token) =>
            {
                if (await rows.FindByEmailAsync(transaction, member.NormalizedEmail!, token) is not null)
                    return (null, null);
                var home = isAdministrator ? PaymentStart.FirstStore : (await stores.CreateAsync(transaction, "Store of " + email, new StoreSettings(), token)).Id;
                var fresh = Fresh(email, isAdministrator, member.Id, home, member.PasswordHash);
                await rows.InsertAsync(transaction, fresh, token);
                if (!isAdministrator)
                    await StoreUserHandlers.InsertAsync(transaction, home, fresh.Id, MemberRole.Owner, clock.GetUtcNow(), token);
                await profile.WriteAsync(transaction, fresh.Id, token);
                return (fresh, fresh.PasswordHash is null ? await resets.IssueAsync(transaction, fresh.Id, token) : null);
            },
            cancellationToken);
        if (made is null)
            return GreenfieldErrors.Validation("email", "There is a user with this address already.");
        var user = await database.ReadAsync((transaction, token) => users.FindAsync(transaction, made.Id, token), cancellationToken);
        return await AnswerAsync(user!, StatusCodes.Status201Created, secret is null ? null : $"{call.Origin}/reset/{secret}", cancellationToken);
    }

    public async Task<GreenfieldAnswer> UpdateMeAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var email = call.Body.Text("email", EmailMax)?.Trim();
        var current = call.Body.Text("currentPassword", PasswordMax);
        var wanted = call.Body.Text("newPassword", PasswordMax);
        var before = call.Record is null ? await database.ReadAsync((transaction, token) => UserProfile.FindAsync(transaction, call.Caller!.User.Id, token), cancellationToken) : UserProfile.None;
        var profile = ReadProfile(call, before);
        if (email is { Length: > 0 } && CheckoutRules.CheckEmail(email) is { } wrong)
            call.Refuse("email", wrong.Message);
        var member = call.Record is null ? await members.FindByIdAsync(call.Caller!.User.Id) : null;
        if (call.Record is null && member is null && (email is { Length: > 0 } || wanted is { Length: > 0 }))
            call.Refuse(email is { Length: > 0 } ? "email" : "newPassword", "The operator signs in with the server's own key and has no address and no password.");
        if (member is not null && wanted is { Length: > 0 })
        {
            if (member.PasswordHash is not null && members.PasswordHasher.VerifyHashedPassword(member, member.PasswordHash, current ?? "") == PasswordVerificationResult.Failed)
                call.Refuse("currentPassword", "This is not the current password.");
            else
                await SetPasswordAsync(call, member, wanted, "newPassword");
        }

        if (call.Finish() is { } refusal)
            return refusal;
        if (member is not null && email is { Length: > 0 })
        {
            member.Email = email;
            member.NormalizedEmail = members.NormalizeEmail(email);
        }

        if (member is not null && wanted is { Length: > 0 })
            member.SecurityStamp = ids.Random(32);
        var id = call.Caller!.User.Id;
        var problem = await database.WriteAsync<GreenfieldAnswer?>(
            async (transaction, token) =>
            {
                if (member is not null)
                {
                    if (await rows.FindByEmailAsync(transaction, member.NormalizedEmail!, token) is { } other && !string.Equals(other.Id, id, StringComparison.Ordinal))
                        return GreenfieldErrors.Validation("email", "There is a user with this address already.");
                    if (!await rows.UpdateAsync(transaction, member, token))
                        return GreenfieldErrors.Of(StatusCodes.Status409Conflict, "changed-meanwhile", "The user was changed at the same moment: try again.");
                }

                await profile.WriteAsync(transaction, id, token);
                return null;
            },
            cancellationToken);
        if (problem is { } refused)
            return refused;
        var user = await database.ReadAsync((transaction, token) => users.FindAsync(transaction, id, token), cancellationToken);
        return await AnswerAsync(user!, StatusCodes.Status200OK, null, cancellationToken);
    }

    public async Task<GreenfieldAnswer> DeleteMeAsync(GreenfieldCall call, CancellationToken cancellationToken) =>
        call.Finish() is { } refusal ? refusal : await DeleteAsync(call.Caller!.User.Id, cancellationToken);

    public async Task<GreenfieldAnswer> DeleteAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        return await FindAsync(call, cancellationToken) is { } user ? await DeleteAsync(user.Id, cancellationToken) : GreenfieldErrors.Missing("user");
    }

    /// <summary>Locks a user out, with sessions and keys, or lets them in again.</summary>
    public async Task<GreenfieldAnswer> LockAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var isLocked = call.Body.Flag("locked");
        if (isLocked is null && !call.Body.Has("locked"))
            call.Refuse("locked", "True or false is expected.");
        if (call.Finish() is { } refusal)
            return refusal;
        if (await FindAsync(call, cancellationToken) is not { } user)
            return GreenfieldErrors.Missing("user");
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                if (await rows.FindAsync(transaction, user.Id, token) is not { } member)
                    return LastAdministrator();
                if (isLocked == true && await MemberRows.IsLastOwnerAsync(transaction, member, token))
                    return LastAdministrator();
                member.LockedUntil = isLocked == true ? GreenfieldUsers.LockedForGood : null;
                member.SecurityStamp = ids.Random(32);
                return await rows.UpdateAsync(transaction, member, token) ? GreenfieldAnswer.Done : GreenfieldErrors.Of(StatusCodes.Status409Conflict, "changed-meanwhile", "The user was changed at the same moment: try again.");
            },
            cancellationToken);
    }

    private async Task<GreenfieldAnswer> DeleteAsync(string id, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            if (await rows.FindAsync(transaction, id, token) is not { } member || await MemberRows.IsLastOwnerAsync(transaction, member, token))
                return LastAdministrator();
            var arguments = new SqlArguments { { "user", id } };
            if (await StoreUserHandlers.IsOnlyOwnerSomewhereAsync(transaction, id, member.StoreId, token))
                return GreenfieldErrors.Of(StatusCodes.Status409Conflict, "store-user-role-orphaned", "A store that others use would be without an owner: give it one first.");
            await transaction.ExecuteAsync("DELETE FROM store_users WHERE user_id = @user", arguments, token);
            await transaction.ExecuteAsync("DELETE FROM greenfield_profiles WHERE user_id = @user", arguments, token);
            await transaction.ExecuteAsync(
                "UPDATE greenfield_keys SET revoked_at = @at WHERE user_id = @user AND revoked_at IS NULL", new SqlArguments { { "user", id }, { "at", clock.GetUtcNow() } }, token);
            await MemberRows.DeleteAsync(transaction, id, token);
            return GreenfieldAnswer.Done;
        },
        cancellationToken);

    private static GreenfieldAnswer LastAdministrator() =>
        GreenfieldErrors.Of(StatusCodes.Status403Forbidden, "only-administrator", "The operator, and the only owner of a team, stay.");

    private Member Fresh(string email, bool isAdministrator, string? id = null, string home = "", string? hash = null) => new()
    {
        Id = id ?? ids.Next("mem"),
        StoreId = home,
        Email = email,
        NormalizedEmail = members.NormalizeEmail(email),
        Role = isAdministrator ? MemberRole.Owner : MemberRole.Viewer,
        PasswordHash = hash,
        CreatedAt = clock.GetUtcNow(),
        SecurityStamp = ids.Random(32),
    };

    private async Task SetPasswordAsync(GreenfieldCall call, Member member, string password, string name)
    {
        var isFit = true;
        foreach (var validator in members.PasswordValidators)
        {
            foreach (var error in (await validator.ValidateAsync(members, member, password)).Errors)
            {
                isFit = false;
                call.Refuse(name, error.Description);
            }
        }

        if (isFit)
            member.PasswordHash = members.PasswordHasher.HashPassword(member, password);
    }

    private static UserProfile ReadProfile(GreenfieldCall call, UserProfile before)
    {
        var name = call.Body.Text("name", UserProfile.NameMax);
        var url = call.Body.Text("imageUrl", UserProfile.UrlMax);
        if (url is { Length: > 0 } && !(Uri.TryCreate(url, UriKind.Absolute, out var read) && read.Scheme is "https" or "http"))
            call.Refuse("imageUrl", "An address of a picture is expected.");
        return new UserProfile(name is null ? before.Name : name.Length == 0 ? null : name, url is null ? before.ImageUrl : url.Length == 0 ? null : url);
    }

    private async Task<GreenfieldUser?> FindAsync(GreenfieldCall call, CancellationToken cancellationToken) => await database.ReadAsync(
        (transaction, token) => users.FindByEitherAsync(transaction, call.Route("idOrEmail"), token), cancellationToken);

    private async Task<GreenfieldAnswer> AnswerAsync(GreenfieldUser user, int status, string? invitationUrl, CancellationToken cancellationToken)
    {
        var profile = await database.ReadAsync((transaction, token) => UserProfile.FindAsync(transaction, user.Id, token), cancellationToken);
        return GreenfieldAnswer.Of(status, writer => UserJson.Write(writer, user, profile, invitationUrl));
    }
}
