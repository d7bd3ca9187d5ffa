namespace Tributary.Proofs.Security;

/// <summary>How far from the code a committed word may lie in the analysis, and what follows from it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Agreement">1 − θ: the share of points on which a word agrees with a codeword.</param>
/// <param name="LogListSize">log2 of the codewords that agree so much with one word.</param>
/// <param name="LogLine">log2 of the exceptional points of a line of words.</param>
/// <param name="LineBound">Where the last figure comes from.</param>
internal readonly record struct DecodingRegime(string Name, double Agreement, double LogListSize, double LogLine, string LineBound)
{
    public static DecodingRegime Unique(SecurityShape shape)
    {
        // A column is opened through a quotient of degree below n, so it is itself only known to be of degree at most n: one more than the trace has.
        var size = Math.ScaleB(1, shape.LogHeight + shape.LogBlowup);
        var rate = (Math.ScaleB(1, shape.LogHeight) + 1) / size;
        return new DecodingRegime("unique decoding", ProximityBounds.UniqueAgreement(rate), 0, ProximityBounds.UniqueLine(size), "(|D| + 1)");
    }

    public static DecodingRegime Johnson(SecurityShape shape, int m)
    {
        var size = Math.ScaleB(1, shape.LogHeight + shape.LogBlowup);
        var rate = Math.ScaleB(1, -shape.LogBlowup);
        return new DecodingRegime(
            $"list decoding, m = {m}",
            ProximityBounds.JohnsonAgreement(rate, m),
            Math.Log2(ProximityBounds.JohnsonListSize(rate, m)),
            ProximityBounds.JohnsonLine(rate, size, m),
            "(2025/2055 thm 1.5)");
    }
}
