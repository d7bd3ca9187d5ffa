namespace Tributary.Payments.Access;

/// <summary>The kinds of keys.</summary>
public enum KeyKind
{
    /// <summary>Everything of its store.</summary>
    Secret,

    /// <summary>What it was granted.</summary>
    Restricted,

    /// <summary>No secret: a shopper's browser sees and confirms the one intent whose client secret it has.</summary>
    Publishable,
}
