namespace Tributary.Intelligence.Reports;

/// <summary>When and where a run was made.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="ElapsedSeconds">How long it took.</param>
/// <param name="Machine">Processor, cores, operating system and runtime.</param>
/// <param name="Command">The command that makes it again.</param>
public sealed record RunFacts(DateTimeOffset StartedAt, double ElapsedSeconds, string Machine, string Command);
