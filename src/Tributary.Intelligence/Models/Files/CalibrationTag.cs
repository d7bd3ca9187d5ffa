namespace Tributary.Intelligence.Models.Files;

/// <summary>The byte before a calibration.</summary>
internal static class CalibrationTag
{
    public const byte Platt = 1;
    public const byte Isotonic = 2;
}
