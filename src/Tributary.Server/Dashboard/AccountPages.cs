using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tributary.Server.Team;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>A member's own account: password, second factor, passkeys, sessions.</summary>
internal static class AccountPages
{
    private const int RecoveryCodeCount = 10;

    public static void Map(IEndpointRouteBuilder desk)
    {
        var account = desk.MapGroup("/account").Require(Permission.View);
        account.MapGet("", static (HttpContext context, AccountDesk desk, CancellationToken token) => desk.ShowAsync(context, new AccountNotes(), token));
        account.MapPost("/password", ChangePasswordAsync);
        account.MapPost("/totp/begin", BeginTotpAsync);
        account.MapPost("/totp", ConfirmTotpAsync);
        account.MapPost("/totp/off", EndTotpAsync);
        account.MapPost("/passkeys/options", PasskeyOptionsAsync);
        account.MapPost("/passkeys", AddPasskeyAsync);
        account.MapPost("/passkeys/remove", RemovePasskeyAsync);
        account.MapPost("/sessions/revoke", RevokeAsync);
    }

    private static async Task<IResult> ChangePasswordAsync(
        [FromForm] string? current,
        [FromForm] string? fresh,
        HttpContext context,
        AccountDesk desk,
        UserManager<Member> members,
        SignInManager<Member> signIn,
        ActivityLog log,
        IDatabase database,
        CancellationToken cancellationToken)
    {
        var member = await desk.MemberAsync(context);
        if (current is not { Length: <= 500 } || fresh is not { Length: <= 500 })
            return await desk.ShowAsync(context, new AccountNotes { Problem = "Fill in both passwords." }, cancellationToken);
        var changed = await members.ChangePasswordAsync(member, current, fresh);
        if (!changed.Succeeded)
            return await desk.ShowAsync(context, new AccountNotes { Problem = changed.Errors.First().Description }, cancellationToken);

        // All sessions have ended with the old password, the others' rows with them; this one begins anew.
        var scope = DashboardScope.Of(context, "account");
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await log.WriteAsync(transaction, scope, "Changed their password", "", "", token);
                return await SessionTickets.EndAllAsync(transaction, member.Id, scope.Member.SessionId, token);
            },
            cancellationToken);
        await signIn.RefreshSignInAsync(member);
        return TypedResults.Redirect("/dashboard/account");
    }

    private static async Task<IResult> BeginTotpAsync(HttpContext context, AccountDesk desk, UserManager<Member> members, SignInManager<Member> signIn, CancellationToken cancellationToken)
    {
        var member = await desk.MemberAsync(context);
        if (!member.IsTwoFactorEnabled)
        {
            await members.ResetAuthenticatorKeyAsync(member);
            await signIn.RefreshSignInAsync(member);
        }

        return await desk.ShowAsync(context, new AccountNotes { IsTotpBegun = true }, cancellationToken);
    }

    private static async Task<IResult> ConfirmTotpAsync(
        [FromForm] string? code, HttpContext context, AccountDesk desk, UserManager<Member> members, SignInManager<Member> signIn, CancellationToken cancellationToken)
    {
        var member = await desk.MemberAsync(context);
        var given = new string([.. (code ?? "").Where(char.IsAsciiDigit)]);
        if (member.IsTwoFactorEnabled || !await members.VerifyTwoFactorTokenAsync(member, members.Options.Tokens.AuthenticatorTokenProvider, given))
            return await desk.ShowAsync(context, new AccountNotes { IsTotpBegun = true, Problem = "The code is not right. Look at the clock of your phone." }, cancellationToken);
        await members.SetTwoFactorEnabledAsync(member, enabled: true);
        var codes = await members.GenerateNewTwoFactorRecoveryCodesAsync(member, RecoveryCodeCount);
        await signIn.RefreshSignInAsync(member);
        return await desk.ShowAsync(context, new AccountNotes { RecoveryCodes = [.. codes ?? []] }, cancellationToken);
    }

    private static async Task<IResult> EndTotpAsync(
        [FromForm] string? password, HttpContext context, AccountDesk desk, UserManager<Member> members, SignInManager<Member> signIn, CancellationToken cancellationToken)
    {
        var member = await desk.MemberAsync(context);
        if (password is not { Length: <= 500 } || !await members.CheckPasswordAsync(member, password))
            return await desk.ShowAsync(context, new AccountNotes { Problem = "The password is not right." }, cancellationToken);
        await members.SetTwoFactorEnabledAsync(member, enabled: false);
        await members.ResetAuthenticatorKeyAsync(member);
        await signIn.RefreshSignInAsync(member);
        return TypedResults.Redirect("/dashboard/account");
    }

    private static async Task<IResult> PasskeyOptionsAsync(HttpContext context, AccountDesk desk, SignInManager<Member> signIn)
    {
        var member = await desk.MemberAsync(context);
        var options = await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = member.Id, Name = member.Email, DisplayName = member.Email });
        return TypedResults.Text(options, "application/json");
    }

    private static async Task<IResult> AddPasskeyAsync(
        [FromForm] string? credential, [FromForm] string? name, HttpContext context, AccountDesk desk, UserManager<Member> members, SignInManager<Member> signIn, CancellationToken cancellationToken)
    {
        var member = await desk.MemberAsync(context);
        if (credential is not { Length: > 0 and <= 20_000 })
            return await desk.ShowAsync(context, new AccountNotes { Problem = "The browser gave no passkey." }, cancellationToken);
        var attested = await signIn.PerformPasskeyAttestationAsync(credential);
        if (!attested.Succeeded)
            return await desk.ShowAsync(context, new AccountNotes { Problem = "The passkey was not taken: " + attested.Failure.Message }, cancellationToken);
        attested.Passkey.Name = name?.Trim() is { Length: > 0 and <= 60 } given ? given : null;
        var added = await members.AddOrUpdatePasskeyAsync(member, attested.Passkey);
        return added.Succeeded
            ? TypedResults.Redirect("/dashboard/account")
            : await desk.ShowAsync(context, new AccountNotes { Problem = added.Errors.First().Description }, cancellationToken);
    }

    private static async Task<IResult> RemovePasskeyAsync([FromForm] string? id, HttpContext context, AccountDesk desk, UserManager<Member> members)
    {
        if (id is { Length: > 0 and <= 2048 } && id.Length % 2 == 0 && id.All(char.IsAsciiHexDigit))
            await members.RemovePasskeyAsync(await desk.MemberAsync(context), Convert.FromHexString(id));
        return TypedResults.Redirect("/dashboard/account");
    }

    private static async Task<IResult> RevokeAsync([FromForm] string? id, HttpContext context, SessionTickets tickets, CancellationToken cancellationToken)
    {
        await tickets.RevokeAsync(CurrentMember.Of(context.User).Id, id ?? "", cancellationToken);
        return TypedResults.Redirect("/dashboard/account");
    }
}
