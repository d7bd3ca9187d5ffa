namespace Tributary.Intelligence.Training;

/// <summary>The options that decide about splits, with the scales of a round's fixed point.</summary>
internal readonly struct SplitRules
{
    public SplitRules(GbdtOptions options, double gradientScale, double hessianScale)
    {
        GradientScale = gradientScale;
        HessianScale = hessianScale;
        L2 = options.L2 * hessianScale;
        MinHessian = Math.Max(options.MinChildWeight * hessianScale, 1);
        MinRows = options.MinLeafRows;
        MinGain = options.MinGain;
        MaxStep = options.MaxLeafStep > 0 ? options.MaxLeafStep : double.PositiveInfinity;
        GainScale = hessianScale / (gradientScale * gradientScale) / 2;
    }

    public double GradientScale { get; }

    public double HessianScale { get; }

    /// <summary>λ in fixed point.</summary>
    public double L2 { get; }

    /// <summary>The least sum of hessians of a leaf, in fixed point, at least one unit: what is divided by is never zero.</summary>
    public double MinHessian { get; }

    public double MinRows { get; }

    public double MinGain { get; }

    public double MaxStep { get; }

    /// <summary>Turns Σ G²/(H + λ) in fixed point into a reduction of the loss.</summary>
    public double GainScale { get; }

    /// <summary>The step of a leaf in units of the raw score, before the learning rate.</summary>
    public double Step(in LeafSums sums, double l2, double lowest, double highest)
    {
        var step = -(sums.Gradient / GradientScale) / ((sums.Hessian + l2) / HessianScale);
        return Math.Clamp(Math.Clamp(step, -MaxStep, MaxStep), lowest, highest);
    }

    /// <summary>The reduction of the loss by a step.</summary>
    public double GainOfStep(in LeafSums sums, double l2, double step) =>
        -((sums.Gradient / GradientScale * step) + ((sums.Hessian + l2) / HessianScale * step * step / 2));
}
