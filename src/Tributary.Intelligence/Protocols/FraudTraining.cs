using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Protocols;

/// <summary>How a fraud model is trained when nothing else is said.</summary>
public static class FraudTraining
{
    /// <summary>
    /// Options for rows of which few are fraud: slow steps, small trees, and half of the bins where the frauds lie. With more rows the trees may be
    /// larger and their leaves must hold more.
    /// </summary>
    public static GbdtOptions Options(int rows, ulong seed) => new()
    {
        TreeCount = 120,
        LearningRate = 0.05,
        MaxLeaves = rows >= 300_000 ? 24 : 8,
        MinLeafRows = rows >= 300_000 ? 100 : 20,
        L2 = 5,
        RareClassBinShare = 0.5,
        Seed = seed,
    };

    /// <summary>A model in a few words.</summary>
    public static string Describe(IModel model) => model switch
    {
        GbdtModel { Link: ScoreLink.Share } forest => $"a random forest of {forest.Trees.Length} trees",
        GbdtModel trees => $"{trees.Trees.Length} boosted trees of at most {trees.Trees.Max(static tree => tree.LeafValues.Length)} leaves",
        BlendedModel blend => string.Join(" with ", blend.Models.Select(Describe)),
        CalibratedModel calibrated => Describe(calibrated.Inner) + ", calibrated",
        _ => "a logistic regression",
    };
}
