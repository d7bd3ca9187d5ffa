namespace Tributary.Proofs.Fri;

/// <summary>
/// The folding steps for a set of heights. A step never jumps over a height that has codewords of its own; it ends at the final length, or at the
/// least height where that is shorter.
/// </summary>
internal sealed class FriSchedule
{
    public FriSchedule(IEnumerable<int> logHeights, int logArity, int logFinalLength)
    {
        LogHeights = [.. logHeights.Distinct().OrderDescending()];
        LogFinal = Math.Min(logFinalLength, LogHeights[^1]);
        var rounds = new List<FriRound>();
        for (var height = LogHeights[0]; height > LogFinal;)
        {
            var next = LogHeights.Where(other => other < height).Append(LogFinal).Max();
            var arity = Math.Min(logArity, height - next);
            rounds.Add(new FriRound(height, arity, LogHeights.Contains(height - arity)));
            height -= arity;
        }

        Rounds = rounds;
    }

    /// <summary>Heights with codewords, tallest first.</summary>
    public IReadOnlyList<int> LogHeights { get; }

    /// <summary>log2 of the final coefficients.</summary>
    public int LogFinal { get; }

    public IReadOnlyList<FriRound> Rounds { get; }
}
