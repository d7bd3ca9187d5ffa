using Microsoft.AspNetCore.Identity;

namespace Tributary.Server.Team;

// Lock-out and second factors.
internal sealed partial class MemberStore
{
    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);

    public Task SetLockoutEndDateAsync(Member user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        return Task.CompletedTask;
    }

    public Task<int> IncrementAccessFailedCountAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedSignIns);

    public Task ResetAccessFailedCountAsync(Member user, CancellationToken cancellationToken)
    {
        user.FailedSignIns = 0;
        return Task.CompletedTask;
    }

    public Task<int> GetAccessFailedCountAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.FailedSignIns);

    public Task<bool> GetLockoutEnabledAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(Member user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetTwoFactorEnabledAsync(Member user, bool enabled, CancellationToken cancellationToken)
    {
        user.IsTwoFactorEnabled = enabled;
        return Task.CompletedTask;
    }

    public Task<bool> GetTwoFactorEnabledAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.IsTwoFactorEnabled);

    public Task SetAuthenticatorKeyAsync(Member user, string key, CancellationToken cancellationToken)
    {
        (user.AuthenticatorKey, user.LastTotpStep) = (key, null);
        return Task.CompletedTask;
    }

    public Task<string?> GetAuthenticatorKeyAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.AuthenticatorKey);

    public Task ReplaceCodesAsync(Member user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        user.RecoveryCodes = [.. recoveryCodes];
        return Task.CompletedTask;
    }

    public async Task<bool> RedeemCodeAsync(Member user, string code, CancellationToken cancellationToken)
    {
        if (!user.RecoveryCodes.Contains(code, StringComparer.Ordinal))
            return false;
        user.RecoveryCodes = [.. user.RecoveryCodes.Where(known => !string.Equals(known, code, StringComparison.Ordinal))];

        // Written before it counts: of two requests with one code the second finds another version.
        return (await UpdateAsync(user, cancellationToken)).Succeeded;
    }

    public Task<int> CountCodesAsync(Member user, CancellationToken cancellationToken) => Task.FromResult(user.RecoveryCodes.Length);

    public async Task AddOrUpdatePasskeyAsync(Member user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            await PasskeyRows.PutAsync(transaction, user.Id, passkey, clock.GetUtcNow(), token);
            return true;
        },
        cancellationToken);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Member user, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PasskeyRows.ListAsync(transaction, user.Id, token), cancellationToken);

    public async Task<Member?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) => await PasskeyRows.FindMemberAsync(transaction, credentialId, token) is { } id ? await rows.FindAsync(transaction, id, token) : null,
        cancellationToken);

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Member user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await GetPasskeysAsync(user, cancellationToken)).FirstOrDefault(passkey => passkey.CredentialId.AsSpan().SequenceEqual(credentialId));

    public async Task RemovePasskeyAsync(Member user, byte[] credentialId, CancellationToken cancellationToken) =>
        await database.WriteAsync((transaction, token) => PasskeyRows.RemoveAsync(transaction, user.Id, credentialId, token), cancellationToken);
}
