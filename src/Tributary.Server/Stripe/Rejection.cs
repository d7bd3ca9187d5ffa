namespace Tributary.Server.Stripe;

/// <summary>An answer that ends a request before anything was done.</summary>
internal sealed record Rejection(StripeAnswer Answer);
