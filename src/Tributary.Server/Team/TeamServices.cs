using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Tributary.Payments.Access;
using Tributary.Server.Dashboard;
using Tributary.Storage.Relational;

namespace Tributary.Server.Team;

/// <summary>Signing in: ASP.NET Core Identity over our own store, cookies whose sessions live in the database, and forms that only our pages can send.</summary>
internal static class TeamServices
{
    private const string KeyFolder = "cookie-keys";

    public static void AddTeam(this IServiceCollection services, string dataFolder, SetupAccess setup)
    {
        services.AddSingleton(setup);
        services.AddSingleton<MemberRows>();
        services.AddSingleton(static provider => new TeamDirectory(provider.GetRequiredService<MemberRows>(), team: null));
        services.AddSingleton<Invitations>();
        services.AddSingleton<SessionTickets>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<PasswordResets>();
        services.AddScoped<AccountDesk>();
        services.AddScoped<IUserStore<Member>, MemberStore>();
        services.AddScoped<IUserClaimsPrincipalFactory<Member>, MemberClaims>();
        services.AddHttpContextAccessor();
        services.AddIdentityCore<Member>(static options =>
            {
                // Length is what counts (NIST SP 800-63B 3.1.1); rules of composition make passwords worse.
                options.Password.RequiredLength = 12;
                options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
                options.Password.RequiredUniqueChars = 4;
                options.User.RequireUniqueEmail = true;
                options.Lockout.MaxFailedAccessAttempts = 8;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            })
            .AddSignInManager()
            // The one provider that members have: there are no telephone numbers, and mail is no second factor.
            .AddTokenProvider<TotpProvider>(TokenOptions.DefaultAuthenticatorProvider);
        AddDataProtection(services, dataFolder);
        AddCookies(services);
        services.AddAuthorization();
        services.AddAntiforgery(static options =>
        {
            options.Cookie.Name = "tributary.form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    private static void AddDataProtection(IServiceCollection services, string dataFolder)
    {
        var folder = new DirectoryInfo(Path.Combine(dataFolder, KeyFolder));
        if (!folder.Exists && !OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        services.AddDataProtection().SetApplicationName("tributary").PersistKeysToFileSystem(folder);
        services.AddOptions<KeyManagementOptions>().Configure<SecretBox>(static (options, box) => options.XmlEncryptor = new SealedXmlEncryptor(box));
    }

    private static void AddCookies(IServiceCollection services)
    {
        var schemes = services.AddAuthentication(static options =>
        {
            options.DefaultScheme = IdentityConstants.ApplicationScheme;
            options.DefaultSignInScheme = IdentityConstants.ApplicationScheme;
        });
        schemes.AddCookie(IdentityConstants.ApplicationScheme, static options =>
        {
            Harden(options, "tributary.session", SameSiteMode.Lax);
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
            options.SlidingExpiration = true;
            options.LoginPath = "/login";
            options.LogoutPath = "/logout";
            options.ReturnUrlParameter = "next";
            options.Events = new CookieAuthenticationEvents { OnValidatePrincipal = ValidateAsync, OnRedirectToAccessDenied = RefuseAsync };
        });
        schemes.AddCookie(IdentityConstants.TwoFactorUserIdScheme, static options =>
        {
            Harden(options, "tributary.factor", SameSiteMode.Strict);
            options.ExpireTimeSpan = TimeSpan.FromMinutes(5);
        });
        schemes.AddCookie(IdentityConstants.TwoFactorRememberMeScheme, static options => Harden(options, "tributary.remember", SameSiteMode.Strict));
        schemes.AddCookie(IdentityConstants.ExternalScheme, static options => Harden(options, "tributary.passkey", SameSiteMode.Strict));
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<SessionTickets, TimeProvider>(static (options, tickets, clock) =>
            {
                options.SessionStore = tickets;
                options.TimeProvider = clock;
            });
    }

    private static void Harden(CookieAuthenticationOptions options, string name, SameSiteMode sameSite)
    {
        options.Cookie.Name = name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = sameSite;

        // Over TLS it is for TLS alone; on the loopback address there is none.
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    // With each request: a member who was removed, or whose role or password changed, is out at once.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var rows = services.GetRequiredService<MemberRows>();
        var id = context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        var member = await services.GetRequiredService<IDatabase>().ReadAsync((transaction, token) => rows.FindAsync(transaction, id, token), context.HttpContext.RequestAborted);
        var stamp = context.Principal?.FindFirstValue(new ClaimsIdentityOptions().SecurityStampClaimType);
        if (member is not null && string.Equals(member.SecurityStamp, stamp, StringComparison.Ordinal))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }

    private static Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Your role does not allow this. Ask an owner of the team.", context.HttpContext.RequestAborted);
    }
}
