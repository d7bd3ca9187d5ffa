using Tributary.Server.Team;

namespace Tributary.Server.Dashboard;

/// <summary>Who looks at what: a member, at real or at test objects.</summary>
/// <param name="Member">Who.</param>
/// <param name="IsLive">Real money; otherwise the embedded chain's.</param>
/// <param name="Section">The part of the dashboard, for its menu.</param>
public sealed record DashboardScope(CurrentMember Member, bool IsLive, string Section)
{
    internal const string ModeCookie = "tributary.mode";

    public string StoreId => Member.StoreId;

    internal static DashboardScope Of(HttpContext context, string section) => new(
        CurrentMember.Of(context.User), string.Equals(context.Request.Cookies[ModeCookie], "live", StringComparison.Ordinal), section);
}
