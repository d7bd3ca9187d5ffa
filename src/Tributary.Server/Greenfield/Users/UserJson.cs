using System.Text.Json;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Team;

namespace Tributary.Server.Greenfield.Users;

/// <summary>Users as the dialect writes them.</summary>
internal static class UserJson
{
    /// <summary>The role of administrators.</summary>
    public const string Administrator = "ServerAdmin";

    private static readonly Dictionary<string, MemberRole> s_roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Owner"] = MemberRole.Owner,
        ["Manager"] = MemberRole.Manager,
        ["Employee"] = MemberRole.Support,
        ["Guest"] = MemberRole.Viewer,
        ["Analyst"] = MemberRole.Analyst,

        // As the dashboard names them.
        ["Support"] = MemberRole.Support,
        ["Viewer"] = MemberRole.Viewer,
    };

    /// <summary>The roles by BTCPay's names; the analyst's has none there and keeps its own.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["Owner", "Manager", "Employee", "Guest", "Analyst"];

    /// <summary>A role by either name; null for one that there is not.</summary>
    public static MemberRole? RoleOf(string? name) => name is not null && s_roles.TryGetValue(name.Trim(), out var role) ? role : null;

    /// <summary>A role's name.</summary>
    public static string NameOf(MemberRole role) => s_roles.First(pair => pair.Value == role).Key;

    /// <summary>ApplicationUserData.</summary>
    public static void Write(Utf8JsonWriter writer, GreenfieldUser user, UserProfile profile, string? invitationUrl)
    {
        writer.WriteStartObject();
        WriteMembers(writer, user, profile, invitationUrl);
        writer.WriteEndObject();
    }

    /// <summary>StoreUserData, with the names of 1.x beside those of 2.x.</summary>
    public static void Write(Utf8JsonWriter writer, GreenfieldUser user, UserProfile profile, MemberRole role)
    {
        writer.WriteStartObject();
        WriteMembers(writer, user, profile, null);
        writer.WriteString("storeRole", NameOf(role));
        writer.WriteString("userId", user.Id);
        writer.WriteString("role", NameOf(role));
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, GreenfieldUser user, UserProfile profile, string? invitationUrl)
    {
        writer.WriteString("id", user.Id);
        writer.WriteString("email", user.Email ?? "");
        writer.Text("name", profile.Name);
        writer.Text("imageUrl", profile.ImageUrl);
        writer.Text("invitationUrl", invitationUrl);
        writer.WriteBoolean("emailConfirmed", user.Email is not null);
        writer.WriteBoolean("requiresEmailConfirmation", false);
        writer.WriteBoolean("approved", true);
        writer.WriteBoolean("requiresApproval", false);
        writer.WriteNull("storeQuota");
        writer.Time("created", user.CreatedAt);
        writer.WriteBoolean("disabled", user.IsLocked);
        writer.Texts("roles", user.IsAdministrator ? [Administrator] : []);
    }
}
