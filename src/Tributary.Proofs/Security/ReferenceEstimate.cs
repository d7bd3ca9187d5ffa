namespace Tributary.Proofs.Security;

/// <summary>
/// The composition of Plonky3's security crate (August 2026), to hold figures against: the list size enters once, the field counts in whole bits
/// of its modulus, batching counts the dominant term alone, and the conjecture is that of random words (ePrint 2025/2010, section 1.5).
/// </summary>
/// <param name="LogHeight">log2 of the rows.</param>
/// <param name="LogBlowup">log2 of the inverse rate.</param>
/// <param name="Queries">Queries.</param>
/// <param name="LogFinalLength">log2 of the final coefficients.</param>
/// <param name="LogFoldingArity">log2 of the folding arity.</param>
/// <param name="CommitGrindingBits">Work before each folding.</param>
/// <param name="QueryGrindingBits">Work before the queries.</param>
/// <param name="ModulusBits">Bits of the extension field.</param>
/// <param name="CollisionBits">Collision resistance of the hash.</param>
/// <param name="Constraints">Constraints.</param>
/// <param name="MaxDegree">The largest degree of one.</param>
/// <param name="MaxCombo">Points at which a column is opened.</param>
/// <param name="BatchedFunctions">Words joined into one; below two the term is left out.</param>
public sealed record ReferenceEstimate(
    int LogHeight,
    int LogBlowup,
    int Queries,
    int LogFinalLength,
    int LogFoldingArity,
    int CommitGrindingBits,
    int QueryGrindingBits,
    int ModulusBits,
    int CollisionBits,
    int Constraints,
    int MaxDegree,
    int MaxCombo,
    int BatchedFunctions)
{
    private const int GreatestParameter = 1000;

    private double Rate => Math.ScaleB(1, -LogBlowup);

    private double Height => Math.ScaleB(1, LogHeight);

    private double Size => Math.ScaleB(1, LogHeight + LogBlowup);

    private double Arity => Math.ScaleB(1, LogFoldingArity);

    private bool Folds => LogFoldingArity > 0 && (LogHeight + LogBlowup - LogFinalLength) / LogFoldingArity > 0;

    /// <summary>Bits in the unique decoding regime.</summary>
    public double UniqueDecodingBits
    {
        get
        {
            var agreement = ProximityBounds.UniqueAgreement((Height + MaxCombo) / Size);
            if (Height + MaxCombo >= agreement * Size)
                return 0;
            var bits = Math.Min(Composition(1), QueryBits(agreement));
            if (Folds)
                bits = Math.Min(bits, UniqueFolding());
            return BatchedFunctions < 2 ? bits : Math.Min(bits, Clamp(ModulusBits - (LogHeight + LogBlowup) - Math.Log2(BatchedFunctions - 1)));
        }
    }

    /// <summary>Bits at the parameter that is best for folding and queries.</summary>
    public double ListDecodingBits
    {
        get
        {
            var limit = Math.Min(GreatestParameter, (int)Math.Ceiling(1 / (2 * (Math.Sqrt((Height + 2) / Height) - 1))));
            var (best, bestBits) = (0, double.NegativeInfinity);
            for (var m = 3; m <= limit; m++)
            {
                // The last of equals, as the crate's search has it.
                var bits = LowDegreeTest(m);
                if (bits >= bestBits)
                    (best, bestBits) = (m, bits);
            }

            if (best == 0)
                return 0;
            var total = Math.Min(bestBits, Composition((best + 0.5) / Math.Sqrt(Rate)));
            return BatchedFunctions < 2 ? total : Math.Min(total, Clamp(ModulusBits - DominantLine(LogHeight, LogBlowup, best) - Math.Log2(BatchedFunctions - 1)));
        }
    }

    /// <summary>The better of the two regimes.</summary>
    public double ProvableBits => Math.Max(UniqueDecodingBits, ListDecodingBits);

    /// <summary>Bits under the random-words conjecture.</summary>
    public double ConjecturedBits
    {
        get
        {
            var bits = Math.Min(Composition(1), RandomWordsQueries());
            return Folds ? Math.Min(bits, UniqueFolding()) : bits;
        }
    }

    /// <summary>log2 of the dominant term of 2025/2055, theorem 1.5: 2(m + ½)⁵/(3ρ^(3/2))·n.</summary>
    public static double DominantLine(int logDegree, int logInverseRate, double m) =>
        logDegree + logInverseRate + Math.Log2(2 * Math.Pow(m + 0.5, 5) / 3) + (1.5 * logInverseRate);

    /// <summary>Bits of the fingerprints of a lookup argument: N·(W + 2)/|F|.</summary>
    public static double LookupBits(int modulusBits, int logHeight, int interactions, int maxMessageWidth) =>
        modulusBits - logHeight - Math.Log2(interactions) - Math.Log2(Math.Max(1, maxMessageWidth) + 2);

    private static double Clamp(double bits) => Math.Max(0, bits);

    private double Composition(double listSize)
    {
        var list = Math.Log2(listSize);
        var constraints = Clamp(ModulusBits - list - Math.Log2(Constraints));
        var factor = Math.Max(1, (Math.Max(1, MaxDegree) * (Height + MaxCombo - 1)) + (Height - 1));
        var deep = Clamp(ModulusBits - list - Math.Log2(factor));
        return Math.Min(CollisionBits, Math.Min(constraints, deep));
    }

    private double QueryBits(double agreement) => QueryGrindingBits - (Queries * Math.Log2(agreement));

    private double UniqueFolding() => Clamp(ModulusBits - Math.Log2((Arity - 1) * (Size + 1)) + CommitGrindingBits);

    private double LowDegreeTest(int m)
    {
        var agreement = ProximityBounds.JohnsonAgreement(Rate, m);
        if (agreement >= 1 || Height + MaxCombo >= agreement * Size)
            return 0;
        var query = QueryBits(agreement);
        if (LogFoldingArity == 0)
            return query;
        var line = ModulusBits - ProximityBounds.JohnsonLine(Rate, Size, m) - Math.Log2(Arity - 1) + CommitGrindingBits;
        var older = ModulusBits - LogFoldingArity - Math.Log2(Size + 1) - Math.Log2((2 * m) + 1) + (0.5 * Math.Log2(Rate)) + CommitGrindingBits;
        return Math.Min(query, Clamp(Math.Min(line, older)));
    }

    private double RandomWordsQueries()
    {
        if (LogBlowup == 0)
            return QueryGrindingBits;
        var effective = Rate + ((Math.Log2(Math.E) + LogBlowup) * Rate / ModulusBits);
        return effective >= 1 ? QueryGrindingBits : QueryBits(effective);
    }
}
