namespace Tributary.Payments.Risk;

/// <summary>
/// What the merchant knows of whoever pays, in clear. It is handed to the gate and stored nowhere by the core; the gate keeps pseudonyms at most.
/// Printed, it hides its values.
/// </summary>
public sealed record RiskClues
{
    /// <summary>The longest value, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>Nothing is known.</summary>
    public static RiskClues None { get; } = new();

    /// <summary>The address that the shopper's browser comes from.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The merchant's name for the shopper's device or session.</summary>
    public string? Device { get; init; }

    /// <summary>The shopper's e-mail address: it stands for a customer where there is none.</summary>
    public string? Email { get; init; }

    /// <summary>The merchant has just had the shopper prove who they are: a sign-in, a code, a signature. This is what a step-up asks for.</summary>
    public bool IsAuthenticated { get; init; }

    public override string ToString() => nameof(RiskClues);
}
