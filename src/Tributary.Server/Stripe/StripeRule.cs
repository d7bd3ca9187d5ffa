using Tributary.Payments.Access;

namespace Tributary.Server.Stripe;

/// <summary>What a route of Stripe's dialect asks for, and what it is: one stands at every route, and tests and documents are made from it.</summary>
/// <param name="Resource">What a restricted key has to be granted.</param>
/// <param name="Access">How far.</param>
/// <param name="Answer">The name of the object that it answers with.</param>
/// <param name="Summary">In a few words.</param>
internal sealed record StripeRule(KeyResource Resource, KeyAccess Access, string Answer, string Summary)
{
    /// <summary>A publishable key may use it for the intent whose client secret it sends.</summary>
    public bool IsForBrowsers { get; init; }

    /// <summary>The answer is a list of the objects.</summary>
    public bool IsList { get; init; }
}
