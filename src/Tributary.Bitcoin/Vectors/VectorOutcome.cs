namespace Tributary.Bitcoin.Vectors;

/// <summary>A row that did not pass.</summary>
/// <param name="Row">Its place in the file, comments counted, from 0.</param>
/// <param name="Reason">What was expected and what came, or why it was skipped.</param>
/// <param name="Text">The row as the file has it.</param>
public sealed record VectorOutcome(int Row, string Reason, string Text);
