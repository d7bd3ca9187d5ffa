namespace Tributary.Intelligence.Models.Files;

/// <summary>The byte before a model.</summary>
internal static class ModelTag
{
    public const byte Trees = 1;
    public const byte Logistic = 2;
    public const byte Calibrated = 3;
    public const byte Blended = 4;
}
