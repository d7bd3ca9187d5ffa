using Microsoft.AspNetCore.Identity;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>
/// What ASP.NET Core Identity asks of a store, over our own tables. A member's properties change in memory; <see cref="UpdateAsync"/> writes them in
/// one transaction, or refuses where another change came first.
/// </summary>
internal sealed partial class MemberStore(IDatabase database, MemberRows rows, TimeProvider clock) :
    IUserPasswordStore<Member>,
    IUserEmailStore<Member>,
    IUserSecurityStampStore<Member>,
    IUserLockoutStore<Member>,
    IUserTwoFactorStore<Member>,
    IUserAuthenticatorKeyStore<Member>,
    IUserTwoFactorRecoveryCodeStore<Member>,
    IUserPasskeyStore<Member>
{
    public void Dispose()
    {
        // The database is the container's.
    }

    public async Task<IdentityResult> CreateAsync(Member user, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await rows.InsertAsync(transaction, user, token);
                return true;
            },
            cancellationToken);
        user.Version = 1;
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> UpdateAsync(Member user, CancellationToken cancellationToken)
    {
        if (!await database.WriteAsync((transaction, token) => rows.UpdateAsync(transaction, user, token), cancellationToken))
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        user.Version++;
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> DeleteAsync(Member user, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await MemberRows.DeleteAsync(transaction, user.Id, token);
                return true;
            },
            cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<Member?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => rows.FindAsync(transaction, userId, token), cancellationToken);

    // The address is the name.
    public async Task<Member?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => rows.FindByEmailAsync(transaction, normalizedUserName, token), cancellationToken);

    public Task<Member?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) => FindByNameAsync(normalizedEmail, cancellationToken);

    public Task<string> GetUserIdAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Member user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(Member user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);

    public Task<string?> GetNormalizedUserNameAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);

    public Task SetNormalizedUserNameAsync(Member user, string? normalizedName, CancellationToken cancellationToken) => SetNormalizedEmailAsync(user, normalizedName, cancellationToken);

    public Task<string?> GetEmailAsync(Member user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetEmailAsync(Member user, string? email, CancellationToken cancellationToken)
    {
        user.Email = email ?? "";
        return Task.CompletedTask;
    }

    // An invitation went to the address, or its owner printed it: nothing else is asked.
    public Task<bool> GetEmailConfirmedAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetEmailConfirmedAsync(Member user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string?> GetNormalizedEmailAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);

    public Task SetNormalizedEmailAsync(Member user, string? normalizedEmail, CancellationToken cancellationToken)
    {
        user.NormalizedEmail = normalizedEmail;
        return Task.CompletedTask;
    }

    public Task SetPasswordHashAsync(Member user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(Member user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(Member user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);
}
