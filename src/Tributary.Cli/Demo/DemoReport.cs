namespace Tributary.Cli.Demo;

/// <summary>How the demo went.</summary>
/// <param name="IsOk">Every step was done and the books agree with the world.</param>
/// <param name="Chain">"embedded" or "bitcoind".</param>
/// <param name="Steps">In order.</param>
/// <param name="Reconciliation">The books against the world.</param>
/// <param name="Problem">What went wrong; null where nothing did.</param>
internal sealed record DemoReport(bool IsOk, string Chain, IReadOnlyList<DemoStep> Steps, IReadOnlyList<DemoBookLine> Reconciliation, string? Problem);
