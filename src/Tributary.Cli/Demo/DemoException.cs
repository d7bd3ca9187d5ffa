namespace Tributary.Cli.Demo;

/// <summary>A step did not come out as it should.</summary>
internal sealed class DemoException(string message) : Exception(message);
