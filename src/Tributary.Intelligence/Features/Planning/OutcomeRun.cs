namespace Tributary.Intelligence.Features.Planning;

/// <summary>
/// How the known outcomes of an entity end: frauds in a row, and the times around them. Six numbers of a state; folding the outcomes in the order
/// of the payments gives the same numbers whenever they were reported.
/// </summary>
internal static class OutcomeRun
{
    public const int Frauds = 0;
    public const int RunStart = 1;
    public const int BeforeRun = 2;
    public const int LastLegitimate = 3;
    public const int LastFraud = 4;

    /// <summary>Legitimate payments since the latest fraud; −1 before there was one.</summary>
    public const int Legitimate = 5;
    public const int Length = 6;

    /// <summary>Before any outcome.</summary>
    public static void Reset(Span<long> run)
    {
        run.Fill(HistoryPlan.Never);
        run[Frauds] = 0;
    }

    /// <summary>Adds the payments of a cell; of a merged one, those that are legitimate first.</summary>
    public static void Fold(Span<long> run, long timeMs, long payments, long frauds)
    {
        if (payments > frauds)
        {
            run[Frauds] = 0;
            run[RunStart] = run[BeforeRun] = HistoryPlan.Never;
            run[LastLegitimate] = timeMs;
            if (run[Legitimate] >= 0)
                run[Legitimate] += payments - frauds;
        }

        if (frauds <= 0)
            return;
        if (run[Frauds] == 0)
        {
            run[RunStart] = timeMs;
            run[BeforeRun] = run[LastLegitimate];
        }

        run[Frauds] += frauds;
        run[LastFraud] = timeMs;
        run[Legitimate] = 0;
    }
}
