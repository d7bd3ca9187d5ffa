namespace Tributary.Cli.Reporting;

/// <summary>The input at fault and a reason that a person can act on.</summary>
internal sealed record ErrorDetail(string Field, string Reason);
