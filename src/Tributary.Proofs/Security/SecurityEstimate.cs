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
    private const int MaxParameter = 1000;

    /// <summary>The soundness of proofs of a machine with tables of these heights.</summary>
    public static SecurityReport For(Machine machine, ProofParameters parameters, IReadOnlyList<int> logHeights) =>
        For(new ProofLayout(machine, parameters, logHeights));

    /// <summary>The soundness for a shape: the better of unique decoding and the best list decoding.</summary>
    public static SecurityReport For(SecurityShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var best = Unique(shape);
        for (var m = 3; m <= MaxParameter; m++)
        {
            var report = Johnson(shape, m);
            if (report.ProvableBits > best.ProvableBits)
                best = report;
        }

        return best;
    }

    internal static SecurityReport For(ProofLayout layout) => For(SecurityShape.For(layout));

    private static double ScaleOf(int exponent) => Math.ScaleB(1, exponent);

    private static SecurityReport Unique(SecurityShape shape)
    {
        // A column is opened through a quotient of degree below n, so it is itself one of degree at most n: one more than the trace has.
        var rate = (ScaleOf(shape.LogHeight) + 1) / ScaleOf(shape.LogHeight + shape.LogBlowup);
        return Compose(
            shape,
            "unique decoding",
            ProximityBounds.UniqueAgreement(rate),
            1,
            ProximityBounds.UniqueLine(ScaleOf(shape.LogHeight + shape.LogBlowup)),
            "n + 1");
    }

    private static SecurityReport Johnson(SecurityShape shape, int m)
    {
        var rate = ScaleOf(-shape.LogBlowup);
        return Compose(
            shape,
            $"list decoding, m = {m}",
            ProximityBounds.JohnsonAgreement(rate, m),
            ProximityBounds.JohnsonListSize(rate, m),
            ProximityBounds.JohnsonLine(rate, ScaleOf(shape.LogHeight + shape.LogBlowup), m),
            "2025/2055 thm 1.5");
    }

    private static SecurityReport Compose(SecurityShape shape, string regime, double agreement, double listSize, double line, string lineBound)
    {
        var height = ScaleOf(shape.LogHeight);
        var list = Math.Log2(listSize);
        var arity = ScaleOf(shape.LogFoldingArity);
        var points = ScaleOf(shape.LogHeight + shape.LogBlowup) + 1;
        var terms = new List<SecurityTerm>();
        if (shape.Messages > 0)
            Add("lookup", list + Math.Log2(shape.Messages * (shape.MaxMessageWidth + 2.0)), 0, list, 0, "L·N·(W + 2)");
        Add("constraints", list + Math.Log2(shape.Constraints), 0, list, 0, "L·C");
        Add("out-of-domain point", (2 * list) + Math.Log2((shape.MaxDegree * (height + 1)) + height), 0, 2 * list, 0, "L²·(D·(n + 1) + n)");
        Add(
            "batching",
            line + Math.Log2(Math.Max(1, shape.Openings - 1)),
            shape.BatchGrindingBits,
            0,
            line - Math.Log2(points),
            $"(openings − 1)·({lineBound})");

        // The step from height to height takes the powers below the arity, and one more where further codewords join.
        Add("folding", line + Math.Log2(arity), 0, 0, line - Math.Log2(points), $"arity·({lineBound})");
        terms.Add(new SecurityTerm(
            "queries",
            (-shape.Queries * Math.Log2(agreement)) + shape.QueryGrindingBits,
            (shape.Queries * (double)shape.LogBlowup) + shape.QueryGrindingBits,
            "(1 − θ)^queries"));
        terms.Add(new SecurityTerm("hash collisions", shape.CollisionBits, shape.CollisionBits, "2^(256/2)"));
        return new SecurityReport(regime, terms);

        void Add(string round, double numerator, int grinding, double listExcess, double lineExcess, string bound)
        {
            var provable = shape.FieldBits - numerator + grinding;
            terms.Add(new SecurityTerm(round, provable, provable + listExcess + lineExcess, grinding > 0 ? $"{bound}, {grinding} bits of work" : bound));
        }
    }
}
