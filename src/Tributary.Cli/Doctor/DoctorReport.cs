namespace Tributary.Cli.Doctor;

/// <summary>What the machine offers.</summary>
/// <param name="Version">Of Tributary.</param>
/// <param name="Runtime">.NET's description of itself.</param>
/// <param name="Machine">Operating system, architecture, processors.</param>
/// <param name="IsReady">Nothing that the server needs is missing.</param>
/// <param name="Checks">One line each.</param>
internal sealed record DoctorReport(string Version, string Runtime, string Machine, bool IsReady, IReadOnlyList<DoctorCheck> Checks);
