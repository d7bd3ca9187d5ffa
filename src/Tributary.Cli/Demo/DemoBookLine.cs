namespace Tributary.Cli.Demo;

/// <summary>A line of the final reconciliation, in millisatoshis.</summary>
internal sealed record DemoBookLine(string Name, long LedgerMsat, long UnderWayMsat, long ActualMsat);
