namespace Tributary.Cli.Node.Control;

/// <summary>One line to the node: what it is to do.</summary>
/// <param name="Method">The command's name.</param>
/// <param name="Arguments">Its arguments by name; absent ones are left out.</param>
internal sealed record ControlRequest(string Method, Dictionary<string, string> Arguments);
