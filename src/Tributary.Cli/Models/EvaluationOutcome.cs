using Tributary.Intelligence.Reports;

namespace Tributary.Cli.Models;

/// <summary>What an evaluation showed.</summary>
/// <param name="Report">The figures.</param>
/// <param name="Page">Writes the page for people.</param>
internal sealed record EvaluationOutcome(EvaluationReport Report, Func<string> Page);
