using Tributary.Proofs.Air;
using Tributary.Proofs.Stark;

namespace Tributary.Proofs.Security;

/// <summary>
/// The soundness calculator. It goes through the challenges in their order, bounds for each the chance that a false claim turns into a true-looking
/// one (ePrint 2024/1553, theorems 2 and 3, with the proximity gap of 2025/2055, theorem 1.5), and takes the best over the decoding regimes.
/// Where a source leaves a choice, the smaller figure is taken: the joint list of all columns multiplies every term before the openings, and its
/// square that of the out-of-domain point.
/// </summary>
public static class SecurityEstimate
{
    private const int LeastParameter = 3;
    private const int GreatestParameter = 1000;

    /// <summary>The soundness of proofs of a machine with tables of these heights.</summary>
    public static SecurityReport For(Machine machine, ProofParameters parameters, IReadOnlyList<int> logHeights) =>
        For(new ProofLayout(machine, parameters, logHeights));

    /// <summary>The soundness for a shape: the better of unique decoding and the best list decoding.</summary>
    public static SecurityReport For(SecurityShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var best = DecodingRegime.Unique(shape);
        var bits = Bits(shape, best);
        for (var m = LeastParameter; m <= GreatestParameter; m++)
        {
            var regime = DecodingRegime.Johnson(shape, m);
            var candidate = Bits(shape, regime);
            if (candidate > bits)
                (best, bits) = (regime, candidate);
        }

        return Report(shape, best);
    }

    internal static SecurityReport For(ProofLayout layout) => For(SecurityShape.For(layout));

    private static double Bits(SecurityShape shape, DecodingRegime regime)
    {
        var bits = Math.Min(Queries(shape, regime), shape.CollisionBits);
        bits = Math.Min(bits, Math.Min(Batching(shape, regime), Folding(shape, regime)));
        bits = Math.Min(bits, Math.Min(Constraints(shape, regime.LogListSize), OutOfDomain(shape, regime.LogListSize)));
        return shape.Messages > 0 ? Math.Min(bits, Lookup(shape, regime.LogListSize)) : bits;
    }

    private static SecurityReport Report(SecurityShape shape, DecodingRegime regime)
    {
        // What older figures assume: lists of one codeword, and for each line as many exceptional points as in unique decoding.
        var lineExcess = regime.LogLine - DecodingRegime.Unique(shape).LogLine;
        var batching = Batching(shape, regime);
        var folding = Folding(shape, regime);
        var list = regime.LogListSize;
        var terms = new List<SecurityTerm>();
        if (shape.Messages > 0)
            terms.Add(new SecurityTerm("lookup", Lookup(shape, list), Lookup(shape, 0), "L·N·(W + 2)/|F|"));
        terms.Add(new SecurityTerm("constraints", Constraints(shape, list), Constraints(shape, 0), "L·C/|F|"));
        terms.Add(new SecurityTerm("out-of-domain point", OutOfDomain(shape, list), OutOfDomain(shape, 0), "L²·(D·(n + 1) + n)/|F|"));
        terms.Add(new SecurityTerm("batching", batching, batching + lineExcess, $"(openings − 1)·{regime.LineBound}/|F|, {shape.BatchGrindingBits} bits of work"));
        terms.Add(new SecurityTerm("folding", folding, folding + lineExcess, $"arity·{regime.LineBound}/|F|"));
        terms.Add(new SecurityTerm(
            "queries",
            Queries(shape, regime),
            (shape.Queries * (double)shape.LogBlowup) + shape.QueryGrindingBits,
            $"{regime.Agreement:F4}^{shape.Queries}, {shape.QueryGrindingBits} bits of work"));
        terms.Add(new SecurityTerm("hash collisions", shape.CollisionBits, shape.CollisionBits, "2^(−256/2)"));
        return new SecurityReport(regime.Name, terms);
    }

    /// <summary>A message changes unnoticed when γ and β hit a root of the cleared sum of fractions, or of one fingerprint.</summary>
    private static double Lookup(SecurityShape shape, double logList) =>
        shape.FieldBits - logList - Math.Log2(shape.Messages * (shape.MaxMessageWidth + 2.0));

    /// <summary>A violated constraint drops out of the random combination.</summary>
    private static double Constraints(SecurityShape shape, double logList) =>
        shape.FieldBits - logList - Math.Log2(shape.Constraints);

    /// <summary>Two codewords of the list agree at ζ, or the constraint identity holds there by chance.</summary>
    private static double OutOfDomain(SecurityShape shape, double logList)
    {
        var height = Math.ScaleB(1, shape.LogHeight);
        return shape.FieldBits - (2 * logList) - Math.Log2((shape.MaxDegree * (height + 1)) + height);
    }

    /// <summary>Powers of one challenge join all openings: a curve of that degree, each step of which costs one line.</summary>
    private static double Batching(SecurityShape shape, DecodingRegime regime) =>
        shape.FieldBits - regime.LogLine - Math.Log2(Math.Max(1, shape.Openings - 1)) + shape.BatchGrindingBits;

    /// <summary>A fold takes the powers below the arity, and one more where further codewords join. The first fold has the longest code.</summary>
    private static double Folding(SecurityShape shape, DecodingRegime regime) =>
        shape.FieldBits - regime.LogLine - shape.LogFoldingArity;

    private static double Queries(SecurityShape shape, DecodingRegime regime) =>
        (-shape.Queries * Math.Log2(regime.Agreement)) + shape.QueryGrindingBits;
}
