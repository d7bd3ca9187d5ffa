using Tributary.Server.Modes;
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

    /// <summary>There is live money to look at.</summary>
    public bool HasLive { get; init; }

    internal static DashboardScope Of(HttpContext context, string section)
    {
        // A choice that was kept from another server is none here.
        var hasLive = context.RequestServices.GetRequiredService<HalfMode>().HasLive;
        var isLive = hasLive && string.Equals(context.Request.Cookies[ModeCookie], "live", StringComparison.Ordinal);
        return new DashboardScope(CurrentMember.Of(context.User), isLive, section) { HasLive = hasLive };
    }
}
