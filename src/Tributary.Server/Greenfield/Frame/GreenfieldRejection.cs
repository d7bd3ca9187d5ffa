namespace Tributary.Server.Greenfield.Frame;

/// <summary>An answer that ends a request before anything was done.</summary>
internal sealed record GreenfieldRejection(GreenfieldAnswer Answer);
