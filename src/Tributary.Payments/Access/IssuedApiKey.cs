namespace Tributary.Payments.Access;

/// <summary>A key as its holder gets it, once: the server keeps the hash.</summary>
public sealed record IssuedApiKey(ApiKey Key, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => Key.ToString();
}
