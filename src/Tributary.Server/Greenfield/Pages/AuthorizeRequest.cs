using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.Extensions;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Modes;

namespace Tributary.Server.Greenfield.Pages;

/// <summary>What a program asks a member for: a key, and where to bring it.</summary>
public sealed record AuthorizeRequest
{
    private const int PermissionsMax = 100;
    private const int TextMax = 200;
    private const int UrlMax = 2000;

    /// <summary>The program, as it calls itself.</summary>
    public required string Application { get; init; }

    public string? Identifier { get; init; }

    /// <summary>All or nothing: the member cannot leave some out.</summary>
    public required bool IsStrict { get; init; }

    /// <summary>The member chooses one store for it.</summary>
    public required bool IsForOneStore { get; init; }

    /// <summary>Where the key is brought; null for nowhere: the page shows it.</summary>
    public Uri? Redirect { get; init; }

    /// <summary>Policies without a store.</summary>
    public required ImmutableArray<string> Policies { get; init; }

    /// <summary>What is wrong with the request, in words; null where nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads what an address, or the form that was made from it, says.</summary>
    public static AuthorizeRequest Read(Func<string, IReadOnlyList<string?>> values)
    {
        string? problem = null;
        var policies = ImmutableArray.CreateBuilder<string>();
        foreach (var text in values("permissions").Take(PermissionsMax))
        {
            if (!GrantedPolicy.TryParse(text, out var granted))
                problem = $"It asks for '{Short(text)}', which this server does not know.";
            else if (!policies.Contains(granted.Policy))
                policies.Add(granted.Policy);
        }

        if (policies.Count == 0)
            policies.Add(Access.Policies.Unrestricted);
        Uri? redirect = null;
        var target = Last(values("redirect"));
        if (target is { Length: > 0 } && (target.Length > UrlMax || !Uri.TryCreate(target, UriKind.Absolute, out redirect) || redirect.Scheme is not ("https" or "http") || redirect.UserInfo.Length > 0))
        {
            redirect = null;
            problem = "The address that it wants the key at is none that a key can go to.";
        }

        return new AuthorizeRequest
        {
            Application = Short(Last(values("applicationName"))) is { Length: > 0 } name ? name : redirect?.Host ?? "A program",
            Identifier = Last(values("applicationIdentifier")) is { Length: > 0 and <= TextMax } identifier ? identifier : null,
            IsStrict = !string.Equals(Last(values("strict")), "false", StringComparison.OrdinalIgnoreCase),
            IsForOneStore = string.Equals(Last(values("selectiveStores")), "true", StringComparison.OrdinalIgnoreCase),
            Redirect = redirect,
            Policies = policies.ToImmutable(),
            Problem = problem,
        };
    }

    /// <summary>The address that asks for the same in a mode: "live" or "test".</summary>
    public string AddressFor(string mode)
    {
        var query = new QueryBuilder
        {
            { "applicationName", Application },
            { "strict", IsStrict ? "true" : "false" },
            { "selectiveStores", IsForOneStore ? "true" : "false" },
            { "permissions", Policies },
            { ModeRouting.Parameter, mode },
        };
        if (Identifier is not null)
            query.Add("applicationIdentifier", Identifier);
        if (Redirect is not null)
            query.Add("redirect", Redirect.AbsoluteUri);
        return AuthorizePages.Path + query;
    }

    private static string? Last(IReadOnlyList<string?> values) => values.Count == 0 ? null : values[^1];

    private static string Short(string? text) => text is null ? "" : text.Length <= TextMax ? text : text[..TextMax];
}
