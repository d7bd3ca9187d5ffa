using System.Collections.Immutable;

namespace Tributary.Cli.Models;

/// <summary>Why payments scored as they did. For analysts: shown to a card tester it would be an oracle.</summary>
/// <param name="Model">The model's hash.</param>
/// <param name="Payments">The payments, the riskiest first.</param>
internal sealed record ExplainReport(string Model, ImmutableArray<ExplainedPayment> Payments);
