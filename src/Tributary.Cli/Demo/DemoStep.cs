namespace Tributary.Cli.Demo;

/// <summary>One step of the demo.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Detail">What came of it.</param>
internal sealed record DemoStep(string Name, double Milliseconds, string Detail);
