using System.Text;

namespace Tributary.Proofs.Security;

/// <summary>
/// The soundness of a proof, round by round. By round-by-round soundness the Fiat–Shamir proof is as strong as its weakest round (ePrint 2024/1553,
/// section 2), so the figures are minima, not sums.
/// </summary>
/// <param name="Regime">How far from the code a committed word may lie in the analysis.</param>
/// <param name="Terms">The rounds.</param>
public sealed record SecurityReport(string Regime, IReadOnlyList<SecurityTerm> Terms)
{
    /// <summary>Bits by theorems alone. That BLAKE3 is a random oracle is assumed throughout.</summary>
    public double ProvableBits => Terms.Min(term => term.ProvableBits);

    /// <summary>Bits as older figures count them.</summary>
    public double ConjecturedBits => Terms.Min(term => term.ConjecturedBits);

    /// <summary>The round that decides.</summary>
    public SecurityTerm Binding => Terms.MinBy(term => term.ProvableBits)!;

    /// <summary>A table for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{"round",-24}{"provable",10}{"conjectured",13}  bound ({Regime})");
        foreach (var term in Terms)
            text.AppendLine($"{term.Round,-24}{term.ProvableBits,10:F1}{term.ConjecturedBits,13:F1}  {term.Bound}");
        text.Append($"{"minimum",-24}{ProvableBits,10:F1}{ConjecturedBits,13:F1}");
        return text.ToString();
    }
}
