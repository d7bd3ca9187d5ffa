using Microsoft.AspNetCore.Identity;
using Tributary.Server.Checkout;
using Tributary.Server.Pages.Dashboard;
using Tributary.Server.Team;
using Tributary.Server.Web;

namespace Tributary.Server.Dashboard;

/// <summary>Makes the account page.</summary>
internal sealed class AccountDesk(UserManager<Member> members, SessionTickets tickets)
{
    /// <summary>The member who asks, as the database has them.</summary>
    public async Task<Member> MemberAsync(HttpContext context) =>
        await members.FindByIdAsync(CurrentMember.Of(context.User).Id) ?? throw new InvalidOperationException("A session of nobody.");

    public async Task<IResult> ShowAsync(HttpContext context, AccountNotes notes, CancellationToken cancellationToken)
    {
        var scope = DashboardScope.Of(context, "account");
        var member = await MemberAsync(context);
        var isBegun = notes.IsTotpBegun && member is { IsTwoFactorEnabled: false, AuthenticatorKey: not null };
        QrSvg.Drawing? code = isBegun ? QrSvg.Draw(KeyUri(member)) : null;
        return Html.Page<AccountPage>(
            notes.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            (nameof(AccountPage.Scope), scope),
            (nameof(AccountPage.Member), member),
            (nameof(AccountPage.Sessions), await tickets.ListAsync(member.Id, cancellationToken)),
            (nameof(AccountPage.Passkeys), await members.GetPasskeysAsync(member)),
            (nameof(AccountPage.RecoveryCodes), notes.RecoveryCodes),
            (nameof(AccountPage.Code), code),
            (nameof(AccountPage.Key), isBegun ? member.AuthenticatorKey : null),
            (nameof(AccountPage.Localhost), $"{context.Request.Scheme}://localhost:{context.Request.Host.Port}/dashboard/account"),
            (nameof(AccountPage.Problem), notes.Problem));
    }

    // The key URI format that authenticator apps read; the defaults of RFC 6238 are what all of them take.
    private static string KeyUri(Member member) =>
        $"otpauth://totp/{Uri.EscapeDataString("Tributary:" + member.Email)}?secret={member.AuthenticatorKey}&issuer=Tributary&digits=6&period=30";
}
