using System.Text;
using Microsoft.AspNetCore.Identity;
using Tributary.Server.Stripe;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Greenfield.Access;

/// <summary>Recognises who asks: <c>Authorization: token KEY</c>, or <c>Basic</c> with a member's address and password.</summary>
internal sealed class GreenfieldAuthentication(IDatabase database, GreenfieldUsers users, StripeLimits limits)
{
    private const int HeaderMax = 1024;

    /// <summary>How a request's sender was recognised.</summary>
    /// <param name="Caller">Who; null where nobody was.</param>
    /// <param name="HasCredentials">Something was sent that could have been a key or a password.</param>
    /// <param name="IsTooOften">Asked too often: nothing was looked at, or the key is right and over its rate.</param>
    internal readonly record struct Outcome(GreenfieldCaller? Caller, bool HasCredentials, bool IsTooOften);

    public async Task<Outcome> RecogniseAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length is 0 or > HeaderMax)
            return new Outcome(null, header.Length > 0, false);
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        var (scheme, value) = space < 0 ? (header, "") : (header[..space], header[(space + 1)..].Trim());
        GreenfieldCaller? caller = null;
        if (scheme.Equals("token", StringComparison.OrdinalIgnoreCase) || scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase))
            caller = await ByKeyAsync(value, cancellationToken);
        else if (scheme.Equals("basic", StringComparison.OrdinalIgnoreCase))
            caller = await ByPasswordAsync(context, value, cancellationToken);

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        return caller is null
            ? new Outcome(null, true, !limits.TryStranger(address))
            : new Outcome(caller, true, !limits.TryKey(caller.Key?.Id ?? caller.User.Id));
    }

    private async Task<GreenfieldCaller?> ByKeyAsync(string secret, CancellationToken cancellationToken) => await database.ReadAsync(
        async (transaction, token) =>
        {
            if (secret.Length == 0 || await GreenfieldKeyStore.FindAsync(transaction, secret, token) is not { } key)
                return null;
            return await users.FindAsync(transaction, key.UserId, token) is { IsLocked: false } user ? new GreenfieldCaller(user, key) { Secret = secret } : null;
        },
        cancellationToken);

    // A second factor cannot be shown here, so whoever has one takes a key.
    private async Task<GreenfieldCaller?> ByPasswordAsync(HttpContext context, string encoded, CancellationToken cancellationToken)
    {
        var bytes = new byte[HeaderMax];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1)
            return null;
        var signIn = context.RequestServices.GetRequiredService<SignInManager<Member>>();
        var member = await signIn.UserManager.FindByEmailAsync(text[..colon]);
        if (member?.PasswordHash is null)
        {
            // As much work as for a member, so that the time tells nobody who is one.
            context.RequestServices.GetRequiredService<IPasswordHasher<Member>>()
                .HashPassword(new Member { Id = "", StoreId = "", Email = "", Role = MemberRole.Viewer, CreatedAt = default }, text[(colon + 1)..]);
            return null;
        }

        var checkedPassword = await signIn.CheckPasswordSignInAsync(member, text[(colon + 1)..], lockoutOnFailure: true);
        if (!checkedPassword.Succeeded || member.IsTwoFactorEnabled)
            return null;
        return new GreenfieldCaller(await database.ReadAsync((transaction, token) => GreenfieldUsers.OfAsync(transaction, member, token), cancellationToken), null);
    }
}
