using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>What a policy would have done to history, beside what was done.</summary>
/// <param name="Policy">SHA-256 of the policy's text.</param>
/// <param name="AsOf">The time of the run.</param>
/// <param name="Decisions">Decisions run over.</param>
/// <param name="Skipped">Decisions left out because their schema is not in the journal or their row does not fit it.</param>
/// <param name="First">The time of the first decision; null without any.</param>
/// <param name="Last">The time of the last.</param>
/// <param name="Payments">All payments by what became of them.</param>
/// <param name="WithoutScore">Decisions for which there is no score.</param>
/// <param name="Undetermined">Decisions in which a missing value left a rule undetermined.</param>
/// <param name="MissingAttributes">Attributes that the policy reads and that some decision's schema does not have: missing there.</param>
/// <param name="ModelMayDecide">False when the policy was run as in the cold start.</param>
/// <param name="Candidate">What the policy would have done.</param>
/// <param name="Incumbent">What was done.</param>
/// <param name="Rules">What each rule met.</param>
/// <param name="Changes">Decisions that change.</param>
/// <param name="Examples">Some of them.</param>
/// <param name="JournalFault">Where and why the journal could not be read to its end; null when it could.</param>
public sealed record BacktestReport(
    string Policy,
    DateTimeOffset AsOf,
    long Decisions,
    long Skipped,
    DateTimeOffset? First,
    DateTimeOffset? Last,
    OutcomeCounts Payments,
    long WithoutScore,
    long Undetermined,
    ImmutableArray<string> MissingAttributes,
    bool ModelMayDecide,
    PolicyFigures Candidate,
    PolicyFigures Incumbent,
    ImmutableArray<RuleReport> Rules,
    ImmutableArray<VerdictChange> Changes,
    ImmutableArray<string> Examples,
    string? JournalFault = null)
{
    /// <summary>Decisions that change.</summary>
    public long Changed => Changes.Sum(static change => change.Payments.Total);

    /// <summary>The entry that journals the run.</summary>
    public PolicyBacktestedEntry ToEntry(Bytes32 policy, StaffId by) => new(
        policy,
        Decisions,
        Payments.Good + Payments.Bad,
        Changed,
        Candidate.Verdicts.Where(static report => report.Verdict == Intelligence.Policy.Verdict.Block).Sum(static report => report.Payments.Good),
        Candidate.Verdicts.Where(static report => report.Verdict >= Intelligence.Policy.Verdict.Review).Sum(static report => report.Payments.Bad),
        by);

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DecisionsJson.Default.BacktestReport);

    /// <summary>The report as lines for a terminal.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Decisions} decisions{(First is null ? "" : $", {First:yyyy-MM-dd} to {Last:yyyy-MM-dd}")}: {Payments.Good} good, {Payments.Bad} bad, {Payments.Unknown} not known");
        if (Decisions == 0)
            text.AppendLine("There is no history: what the policy does is not known.");
        if (JournalFault is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"The journal was not read to its end: {JournalFault}");
        if (Skipped > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"{Skipped} decisions could not be read by their schema and are left out.");
        if (!MissingAttributes.IsEmpty)
            text.AppendLine(CultureInfo.InvariantCulture, $"Not in all of history, missing there: {string.Join(", ", MissingAttributes)}");
        if (WithoutScore > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"{WithoutScore} decisions have no score.");
        if (Undetermined > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"In {Undetermined} decisions a missing value left a rule undetermined.");
        if (!ModelMayDecide)
            text.AppendLine("Run as in the cold start: the score leads to a review at most.");
        text.AppendLine();
        text.AppendLine("                              policy    as decided");
        Line(text, "false blocks per 1,000 good", Candidate.FalseBlocksPerThousand.ToString("F2"), Incumbent.FalseBlocksPerThousand.ToString("F2"));
        Line(text, "bad stopped", Candidate.BadStoppedShare.ToString("P1"), Incumbent.BadStoppedShare.ToString("P1"));
        if (Candidate.NetValue is not null)
            Line(text, "net value", Candidate.NetValue.ToString()!, Incumbent.NetValue.ToString()!);
        foreach (var (mine, was) in Candidate.Verdicts.Zip(Incumbent.Verdicts))
            Line(text, mine.Verdict.ToString(), mine.Payments.Total.ToString(), was.Payments.Total.ToString());
        text.AppendLine();
        foreach (var (rule, decided, precision) in Rules)
        {
            var name = rule.IsOtherwise ? "otherwise" : rule.Condition;
            text.AppendLine(CultureInfo.InvariantCulture, $"line {rule.Line,3}  {(rule.IsShadow ? "shadow " : "")}{rule.Verdict,-7} {decided.Total,8} met, {decided.Bad,6} bad, {decided.Good,8} good, precision {precision}  {name}");
        }

        foreach (var (from, to, payments) in Changes)
            text.AppendLine(CultureInfo.InvariantCulture, $"{from} -> {to}: {payments.Total} ({payments.Good} good, {payments.Bad} bad)");
        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, string policy, string decided) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"{name,-24} {policy,11} {decided,13}");
}
