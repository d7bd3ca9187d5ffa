namespace Tributary.Lightning.Node.Desks;

/// <summary>When peers were first dialled since the start.</summary>
/// <param name="Height">Of the tip then.</param>
/// <param name="Timestamp">By the node's clock.</param>
internal sealed record Dialling(int Height, long Timestamp);
