namespace Tributary.Payments.Access;

/// <summary>How far a grant goes.</summary>
public enum KeyAccess
{
    None,
    Read,

    /// <summary>And read.</summary>
    Write,
}
