namespace Tributary.Cli.Reporting;

/// <summary>What <c>--json</c> prints where nothing was done.</summary>
internal sealed record ErrorReport(ErrorDetail Error);
