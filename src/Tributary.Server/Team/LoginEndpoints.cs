using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Tributary.Server.Pages.Login;
using Tributary.Server.Web;

namespace Tributary.Server.Team;

/// <summary>Signing in and out: a password and then a code, or a passkey alone. What is wrong is never said more exactly than "the two do not match".</summary>
internal static class LoginEndpoints
{
    private const string Wrong = "E-mail address and password do not match.";
    private const string Locked = "Too many attempts. Wait ten minutes and try again.";

    public static void Map(IEndpointRouteBuilder app)
    {
        var login = app.MapGroup("").WithMetadata(RouteAccess.Public).AsMemberPages();
        login.MapGet("/login", static IResult (string? next, HttpContext context) => CurrentMember.Find(context.User) is null ? Page("", next, null) : TypedResults.Redirect(Home(next)));
        login.MapPost("/login", SignInAsync);
        login.MapGet("/login/code", static (string? next) => CodePage(next, null));
        login.MapPost("/login/code", GiveCodeAsync);
        login.MapPost("/login/passkey/options", PasskeyOptionsAsync);
        login.MapPost("/login/passkey", SignInByPasskeyAsync);
        login.MapPost("/logout", SignOutAsync);
    }

    /// <summary>A path of this server, whatever was asked for.</summary>
    internal static string Home(string? next) =>
        next is { Length: > 1 and < 4000 } && next[0] == '/' && next[1] is not ('/' or '\\') && !next.Any(char.IsControl) ? next : "/dashboard";

    private static async Task<IResult> SignInAsync(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? next, SignInManager<Member> signIn, IPasswordHasher<Member> hasher, LoginThrottle throttle, HttpContext context)
    {
        if (!throttle.MayTry(context.Connection.RemoteIpAddress))
            return TooMany(context, email, next);
        if (email is not { Length: > 0 and <= 254 } || password is not { Length: > 0 and <= 500 })
            return Page(email, next, Wrong);
        var member = await signIn.UserManager.FindByEmailAsync(email);
        if (member?.PasswordHash is null)
        {
            // As much work as for a member, so that the time tells nobody who is one.
            throttle.Fail(context.Connection.RemoteIpAddress);
            hasher.HashPassword(new Member { Id = "", StoreId = "", Email = email, Role = MemberRole.Viewer, CreatedAt = default }, password);
            return Page(email, next, Wrong);
        }

        var result = await signIn.PasswordSignInAsync(member, password, isPersistent: false, lockoutOnFailure: true);
        if (result.RequiresTwoFactor)
            return TypedResults.Redirect("/login/code?next=" + Uri.EscapeDataString(Home(next)));
        if (!result.Succeeded)
            throttle.Fail(context.Connection.RemoteIpAddress);
        return result.Succeeded ? TypedResults.Redirect(Home(next)) : Page(email, next, result.IsLockedOut ? Locked : Wrong);
    }

    private static async Task<IResult> GiveCodeAsync([FromForm] string? code, [FromForm] string? next, SignInManager<Member> signIn, LoginThrottle throttle, HttpContext context)
    {
        if (!throttle.MayTry(context.Connection.RemoteIpAddress))
            return TooMany(context, "", next);
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is null)
            return TypedResults.Redirect("/login?next=" + Uri.EscapeDataString(Home(next)));
        var given = new string([.. (code ?? "").Where(static c => !char.IsWhiteSpace(c) && c != '-')]);
        if (given.Length is 0 or > 40)
            return CodePage(next, "The code is not right.");
        var result = given.Length == 6 && given.All(char.IsAsciiDigit)
            ? await signIn.TwoFactorAuthenticatorSignInAsync(given, isPersistent: false, rememberClient: false)
            : await signIn.TwoFactorRecoveryCodeSignInAsync((code ?? "").Trim().ToUpperInvariant());
        if (!result.Succeeded)
            throttle.Fail(context.Connection.RemoteIpAddress);
        return result.Succeeded ? TypedResults.Redirect(Home(next)) : CodePage(next, result.IsLockedOut ? Locked : "The code is not right.");
    }

    private static async Task<IResult> PasskeyOptionsAsync(SignInManager<Member> signIn) =>
        TypedResults.Text(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");

    private static async Task<IResult> SignInByPasskeyAsync([FromForm] string? credential, [FromForm] string? next, SignInManager<Member> signIn, LoginThrottle throttle, HttpContext context)
    {
        if (!throttle.MayTry(context.Connection.RemoteIpAddress))
            return TooMany(context, "", next);
        if (credential is not { Length: > 0 and <= 20_000 })
            return Page("", next, "The passkey was not taken.");
        var result = await signIn.PasskeySignInAsync(credential);
        if (!result.Succeeded)
            throttle.Fail(context.Connection.RemoteIpAddress);
        return result.Succeeded ? TypedResults.Redirect(Home(next)) : Page("", next, result.IsLockedOut ? Locked : "The passkey was not taken. Sign in with your password.");
    }

    private static async Task<IResult> SignOutAsync(SignInManager<Member> signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.Redirect("/login");
    }

    private static RazorComponentResult<LoginPage> TooMany(HttpContext context, string? email, string? next)
    {
        context.Response.Headers.RetryAfter = "600";
        return Page(email, next, "Too many failed attempts from your address. Wait ten minutes and try again.", StatusCodes.Status429TooManyRequests);
    }

    private static RazorComponentResult<LoginPage> Page(string? email, string? next, string? problem, int? status = null) => new RazorComponentResult<LoginPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        [nameof(LoginPage.Email)] = email,
        [nameof(LoginPage.Next)] = Home(next),
        [nameof(LoginPage.Problem)] = problem,
    })
    {
        StatusCode = status ?? (problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest),
    };

    private static RazorComponentResult<CodePage> CodePage(string? next, string? problem) => new(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        [nameof(Pages.Login.CodePage.Next)] = Home(next),
        [nameof(Pages.Login.CodePage.Problem)] = problem,
    })
    {
        StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
    };
}
