namespace Tributary.Cli.Node.Views;

/// <summary>Blocks of the embedded chain.</summary>
internal sealed record MinedView(int Blocks, int Height);
