namespace Tributary.Server.Modes;

/// <summary>What the start of a live half tells its operator, once.</summary>
/// <param name="SecretKey">The first live secret key, at the start that made it; null at all others.</param>
public sealed record LiveAccess(string? SecretKey)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => nameof(LiveAccess);
}
