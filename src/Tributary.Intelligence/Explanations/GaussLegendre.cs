namespace Tributary.Intelligence.Explanations;

/// <summary>Gauss–Legendre quadrature on [0, 1]: n points integrate polynomials of degree 2n − 1 exactly, with positive weights.</summary>
internal static class GaussLegendre
{
    /// <summary>Points and weights, found by Newton's method on the Legendre polynomial.</summary>
    public static (double[] Points, double[] Weights) Rule(int count)
    {
        var (points, weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var x = Math.Cos(Math.PI * (i + .75) / (count + .5));
            double slope;
            while (true)
            {
                double before = 0, here = 1;
                for (var k = 1; k <= count; k++)
                    (before, here) = (here, (((2 * k) - 1) * x * here - ((k - 1) * before)) / k);
                slope = count * ((x * here) - before) / ((x * x) - 1);
                var step = here / slope;
                x -= step;
                if (Math.Abs(step) < 1e-15)
                    break;
            }

            points[i] = (1 - x) / 2;
            weights[i] = 1 / ((1 - (x * x)) * slope * slope);
        }

        return (points, weights);
    }
}
