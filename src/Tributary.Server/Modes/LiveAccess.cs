using Tributary.Server.Data;

namespace Tributary.Server.Modes;

/// <summary>What the start of a live half tells its operator, once.</summary>
/// <param name="SecretKey">The first live secret key, at the start that made it; null at all others.</param>
/// <param name="GreenfieldKey">The same for BTCPay's dialect.</param>
/// <param name="Database">Where live payments are.</param>
public sealed record LiveAccess(string? SecretKey, string? GreenfieldKey, DatabaseInfo Database)
{
    /// <summary>Never the keys.</summary>
    public override string ToString() => nameof(LiveAccess);
}
