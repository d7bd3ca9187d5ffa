using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Identifiers;
using Tributary.Server.Mail;
using Tributary.Server.Pages.Login;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>A forgotten password: a link by mail, and the page behind it. Nobody learns here who is a member. The second factor stays.</summary>
internal static class ResetEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var forgot = app.MapGroup("/login/forgot").WithMetadata(RouteAccess.Public).AsMemberPages();
        forgot.MapGet("", static (MailQueue mail) => Html.Page<ForgotPage>((nameof(ForgotPage.HasMail), mail.IsOn)));
        forgot.MapPost("", AskAsync);
        var reset = app.MapGroup("/reset/{token}").WithMetadata(RouteAccess.Secret).AsMemberPages();
        reset.MapGet("", static async (string token, PasswordResets resets, IDatabase database, CancellationToken cancel) => Page(token, await FindAsync(token, resets, database, cancel) is not null, null));
        reset.MapPost("", ResetAsync);
    }

    private static async Task<IResult> AskAsync(
        [FromForm] string? email,
        PasswordResets resets,
        MailQueue mail,
        MemberRows rows,
        UserManager<Member> members,
        LoginThrottle throttle,
        PublicAddress address,
        IDatabase database,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        // Each question counts as a failure: a list of addresses is not tried out here.
        if (!throttle.MayTry(context.Connection.RemoteIpAddress))
        {
            context.Response.Headers.RetryAfter = "600";
            return Html.Page<ForgotPage>(StatusCodes.Status429TooManyRequests, (nameof(ForgotPage.HasMail), mail.IsOn), (nameof(ForgotPage.Problem), "Too many attempts from your address. Wait ten minutes and try again."));
        }

        throttle.Fail(context.Connection.RemoteIpAddress);
        var given = (email ?? "").Trim();
        if (mail.IsOn && given.Length is > 0 and <= 254)
        {
            var normalized = members.NormalizeEmail(given);
            await database.WriteAsync(
                async (transaction, token) =>
                {
                    if (await rows.FindByEmailAsync(transaction, normalized!, token) is not { } member)
                        return await resets.ForgetAsync(transaction, token) >= 0;
                    if (await resets.IssueAsync(transaction, member.Id, token) is not { } secret)
                        return false;
                    await mail.AddAsync(
                        transaction,
                        new MailDraft(
                            "reset:" + secret[..12],
                            member.StoreId,
                            member.Email,
                            "Choose a new password",
                            $"Somebody, you we hope, asked for a new password for {member.Email}.\n\nChoose it here within the hour; the link works once:\n\n{address.Origin}/reset/{secret}\n\nIf it was not you, do nothing: your password stays as it is.\n"),
                        token);
                    return true;
                },
                cancellationToken);
        }

        return Html.Page<ForgotPage>((nameof(ForgotPage.HasMail), mail.IsOn), (nameof(ForgotPage.IsAsked), true));
    }

    private static async Task<IResult> ResetAsync(
        string token,
        [FromForm] string? password,
        PasswordResets resets,
        MemberRows rows,
        UserManager<Member> members,
        ObjectIds ids,
        IDatabase database,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(token, resets, database, cancellationToken) is not { } memberId || await members.FindByIdAsync(memberId) is not { } known)
            return Page(token, isOpen: false, null);
        if (password is not { Length: <= 500 })
            return Page(token, isOpen: true, "Choose a password of at least 12 characters.");
        foreach (var validator in members.PasswordValidators)
        {
            if ((await validator.ValidateAsync(members, known, password)).Errors.FirstOrDefault() is { } weak)
                return Page(token, isOpen: true, weak.Description);
        }

        var hash = members.PasswordHasher.HashPassword(known, password);

        // The link is used up in the transaction that changes the password and ends every session: two who hold it do not both come in.
        var isDone = await database.WriteAsync(
            async (transaction, cancel) =>
            {
                if (!await resets.UseAsync(transaction, token, memberId, cancel) || await rows.FindAsync(transaction, memberId, cancel) is not { } member)
                    return false;
                member.PasswordHash = hash;
                member.SecurityStamp = ids.Random(32);
                (member.FailedSignIns, member.LockedUntil) = (0, null);
                await SessionTickets.EndAllAsync(transaction, memberId, kept: null, cancel);
                return await rows.UpdateAsync(transaction, member, cancel);
            },
            cancellationToken);
        return isDone ? TypedResults.Redirect("/login") : Page(token, isOpen: false, null);
    }

    private static async Task<string?> FindAsync(string token, PasswordResets resets, IDatabase database, CancellationToken cancellationToken) =>
        token.Length > 100 ? null : await database.ReadAsync((transaction, cancel) => resets.FindAsync(transaction, token, cancel), cancellationToken);

    private static RazorComponentResult<ResetPage> Page(string token, bool isOpen, string? problem) => Html.Page<ResetPage>(
        !isOpen ? StatusCodes.Status404NotFound : problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        (nameof(ResetPage.Token), token),
        (nameof(ResetPage.IsOpen), isOpen),
        (nameof(ResetPage.Problem), problem));
}
