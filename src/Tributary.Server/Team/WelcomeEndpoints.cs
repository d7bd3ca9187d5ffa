using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tributary.Payments.Identifiers;
using Tributary.Server.Pages.Login;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>Where an invitation leads: a person chooses a password and is a member. The first owner's comes from the start of the server.</summary>
internal static class WelcomeEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var welcome = app.MapGroup("/welcome/{token}").WithMetadata(RouteAccess.Secret).AsMemberPages();
        welcome.MapGet("", ShowAsync);
        welcome.MapPost("", AcceptAsync);
    }

    private static async Task<IResult> ShowAsync(string token, Invitations invitations, IDatabase database, CancellationToken cancellationToken) =>
        Page(token, await FindAsync(token, invitations, database, cancellationToken), null, null);

    private static async Task<IResult> AcceptAsync(
        string token,
        [FromForm] string? email,
        [FromForm] string? password,
        Invitations invitations,
        MemberRows rows,
        UserManager<Member> members,
        SignInManager<Member> signIn,
        ObjectIds ids,
        TimeProvider clock,
        IDatabase database,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(token, invitations, database, cancellationToken) is not { } invitation)
            return Page(token, null, null, null);
        var address = (invitation.Email ?? email ?? "").Trim();
        if (Tributary.Payments.Checkout.CheckoutRules.CheckEmail(address) is { } wrong)
            return Page(token, invitation, address, wrong.Message);
        var member = new Member
        {
            Id = ids.Next("mem"),
            StoreId = invitation.StoreId,
            Email = address,
            NormalizedEmail = members.NormalizeEmail(address),
            Role = invitation.Role,
            CreatedAt = clock.GetUtcNow(),
            SecurityStamp = ids.Random(32),
        };
        if (password is not { Length: <= 500 })
            return Page(token, invitation, address, "Choose a password of at least 12 characters.");
        foreach (var validator in members.PasswordValidators)
        {
            if ((await validator.ValidateAsync(members, member, password)).Errors.FirstOrDefault() is { } weak)
                return Page(token, invitation, address, weak.Description);
        }

        member.PasswordHash = members.PasswordHasher.HashPassword(member, password);

        // The invitation is used up in the transaction that makes the member: two who hold it do not both come in.
        var problem = await database.WriteAsync<string?>(
            async (transaction, t) =>
            {
                if (await rows.FindByEmailAsync(transaction, member.NormalizedEmail!, t) is not null)
                    return "There is a member with this address already: sign in instead.";
                if (!await invitations.UseAsync(transaction, token, t))
                    return "This invitation was just used.";
                await rows.InsertAsync(transaction, member, t);
                return null;
            },
            cancellationToken);
        if (problem is not null)
            return Page(token, invitation, address, problem);
        member.Version = 1;
        await signIn.SignInAsync(member, isPersistent: false);
        return TypedResults.Redirect("/dashboard");
    }

    private static async Task<Invitation?> FindAsync(string token, Invitations invitations, IDatabase database, CancellationToken cancellationToken) =>
        token.Length > 100 ? null : await database.ReadAsync((transaction, t) => invitations.FindAsync(transaction, token, t), cancellationToken);

    private static RazorComponentResult<WelcomePage> Page(string token, Invitation? invitation, string? email, string? problem) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(WelcomePage.Token)] = token,
            [nameof(WelcomePage.Invitation)] = invitation,
            [nameof(WelcomePage.Email)] = email,
            [nameof(WelcomePage.Problem)] = problem,
        })
        {
            StatusCode = invitation is null ? StatusCodes.Status404NotFound : problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
