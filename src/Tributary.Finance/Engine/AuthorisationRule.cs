namespace Tributary.Finance.Engine;

/// <summary>Who may ask for an operation.</summary>
public enum AuthorisationRule
{
    /// <summary>An account, which signs.</summary>
    Account = 0,

    /// <summary>Anybody, unsigned: what happens is fixed beforehand.</summary>
    Anybody = 1,

    /// <summary>The system alone.</summary>
    System = 2,

    /// <summary>An account, which signs, or the system.</summary>
    AccountOrSystem = 3,
}
