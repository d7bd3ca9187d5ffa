namespace Tributary.Rollup.Api;

/// <summary>What is answered where nothing was done.</summary>
public sealed record ErrorDocument(ErrorView Error);
