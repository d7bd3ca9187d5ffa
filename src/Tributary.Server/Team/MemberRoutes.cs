using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Net.Http.Headers;
using Tributary.Server.Web;

namespace Tributary.Server.Team;

/// <summary>Says who may use a route of members.</summary>
internal static class MemberRoutes
{
    /// <summary>For members who may do this, and nobody else.</summary>
    public static TBuilder Require<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder
    {
        var policy = new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme)
            .RequireAuthenticatedUser()
            .RequireAssertion(context => CurrentMember.Find(context.User)?.May(permission) == true)
            .Build();
        builder.RequireAuthorization(policy);
        return builder.WithMetadata(RouteAccess.Of(permission));
    }

    /// <summary>Forms that only our own pages can send, and pages that no cache keeps.</summary>
    public static RouteGroupBuilder AsMemberPages(this RouteGroupBuilder group)
    {
        group.WithMetadata(new RequireAntiforgeryTokenAttribute());
        group.AddEndpointFilter(static async (context, next) =>
        {
            // The middleware looks at the token and leaves it to the route to refuse.
            var http = context.HttpContext;
            if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
                return TypedResults.Text("This form is out of date, or was not sent by this page. Go back, reload the page and try again.", statusCode: StatusCodes.Status400BadRequest);
            http.Response.Headers[HeaderNames.CacheControl] = "no-store";
            return await next(context);
        });
        return group;
    }
}
