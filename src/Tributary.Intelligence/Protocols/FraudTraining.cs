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
}
