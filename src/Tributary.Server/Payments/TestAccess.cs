namespace Tributary.Server.Payments;

/// <summary>What a developer points a client at.</summary>
/// <param name="SecretKey">The test secret key of the first store.</param>
public sealed record TestAccess(string SecretKey)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => nameof(TestAccess);
}
