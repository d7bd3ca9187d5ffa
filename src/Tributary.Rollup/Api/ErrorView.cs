namespace Tributary.Rollup.Api;

/// <summary>The input at fault and a reason that a person can act on.</summary>
public sealed record ErrorView(string Field, string Reason);
