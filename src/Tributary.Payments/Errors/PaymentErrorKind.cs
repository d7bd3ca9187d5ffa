namespace Tributary.Payments.Errors;

/// <summary>Whose turn it is after an error; each dialect of the API has its word and status for each.</summary>
public enum PaymentErrorKind
{
    /// <summary>The request is wrong and stays wrong: a parameter, a state that does not allow it.</summary>
    InvalidRequest,

    /// <summary>There is no such object for this key.</summary>
    NotFound,

    /// <summary>The key may not do this.</summary>
    Forbidden,

    /// <summary>Another request holds what this one needs, or repeats it with other parameters.</summary>
    Conflict,

    /// <summary>The payment method refused.</summary>
    Declined,

    /// <summary>Something the server depends on is away; the same request may succeed later.</summary>
    Unavailable,
}
