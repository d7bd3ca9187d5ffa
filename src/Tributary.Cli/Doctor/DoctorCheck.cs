namespace Tributary.Cli.Doctor;

/// <summary>One thing looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="IsFound">Whether it is there.</param>
/// <param name="IsRequired">Whether the server needs it.</param>
/// <param name="Detail">Where it is, or what to do.</param>
internal sealed record DoctorCheck(string Name, bool IsFound, bool IsRequired, string Detail);
