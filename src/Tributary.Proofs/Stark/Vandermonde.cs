using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Stark;

/// <summary>The small linear systems of interpolation at a few points.</summary>
internal static class Vandermonde
{
    /// <summary>The matrix that takes the values of a polynomial at distinct nodes to its coefficients: column i holds those of the i-th Lagrange polynomial.</summary>
    public static KoalaBear[,] Inverse(ReadOnlySpan<KoalaBear> nodes)
    {
        var count = nodes.Length;
        var result = new KoalaBear[count, count];
        for (var i = 0; i < count; i++)
        {
            var coefficients = new KoalaBear[count];
            coefficients[0] = KoalaBear.One;
            var degree = 0;
            for (var k = 0; k < count; k++)
            {
                if (k == i)
                    continue;
                var scale = (nodes[i] - nodes[k]).Inverse();
                degree++;
                for (var j = degree; j >= 0; j--)
                    coefficients[j] = ((j > 0 ? coefficients[j - 1] : KoalaBear.Zero) - (nodes[k] * coefficients[j])) * scale;
            }

            for (var j = 0; j < count; j++)
                result[j, i] = coefficients[j];
        }

        return result;
    }
}
