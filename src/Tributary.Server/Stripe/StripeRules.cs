using Tributary.Payments.Access;

namespace Tributary.Server.Stripe;

/// <summary>Writes a route's rule beside it.</summary>
internal static class StripeRules
{
    public static IEndpointConventionBuilder Reads(this IEndpointConventionBuilder route, KeyResource resource, string answer, string summary) =>
        route.WithMetadata(new StripeRule(resource, KeyAccess.Read, answer, summary));

    public static IEndpointConventionBuilder Lists(this IEndpointConventionBuilder route, KeyResource resource, string answer, string summary) =>
        route.WithMetadata(new StripeRule(resource, KeyAccess.Read, answer, summary) { IsList = true });

    public static IEndpointConventionBuilder Writes(this IEndpointConventionBuilder route, KeyResource resource, string answer, string summary) =>
        route.WithMetadata(new StripeRule(resource, KeyAccess.Write, answer, summary));

    /// <summary>The same, and a browser may do it with the intent's client secret.</summary>
    public static IEndpointConventionBuilder ForBrowsers(this IEndpointConventionBuilder route, KeyAccess access, string answer, string summary) =>
        route.WithMetadata(new StripeRule(KeyResource.PaymentIntents, access, answer, summary) { IsForBrowsers = true });
}
