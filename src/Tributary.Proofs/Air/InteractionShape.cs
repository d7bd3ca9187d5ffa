namespace Tributary.Proofs.Air;

/// <summary>One message that every row of a table puts on a bus, or takes off it, as the analysis sees it.</summary>
/// <param name="Bus">The bus.</param>
/// <param name="IsSend">Put on, or taken off.</param>
/// <param name="Multiplicity">How many times.</param>
/// <param name="Message">The elements.</param>
public sealed record InteractionShape(Bus Bus, bool IsSend, SymbolicNode Multiplicity, IReadOnlyList<SymbolicNode> Message)
{
    /// <summary>Degree of the fingerprint of the message.</summary>
    public int FingerprintDegree => Message.Count == 0 ? 0 : Message.Max(node => node.Degree);
}
