using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>Runs the text of a policy over a journal, checked against the last schema in it: what <c>tributary model backtest</c> does.</summary>
public static class JournalBacktest
{
    /// <summary>
    /// Runs the text. Refused: a journal without a schema, a text that does not compile (its errors are the reason, a line each), lists or an amount
    /// that do not fit. A journal that is cut or damaged is used as far as it goes, and the report says so.
    /// </summary>
    public static Result<BacktestReport, Refusal> Run(
        IStorageDirectory directory, string policy, JournalBacktestOptions options, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        PolicySchema? schema = null;
        using var reader = new JournalReader(directory);
        while (reader.TryNext(out var item))
        {
            cancellationToken.ThrowIfCancellationRequested();
            schema = (item.Entry as SchemaEntry)?.Schema ?? schema;
        }

        var fault = reader.Fault;
        if (schema is null)
            return new Refusal("journal", $"No schema was found{(fault is null ? ": nothing was decided yet." : $", and reading stopped: {fault}")}");
        if (!PolicyCompiler.Compile(policy, schema).TryGet(out var compiled, out var errors))
            return new Refusal("policy", errors.ToString());
        if (!PolicyLists.Create(schema, version: 0, options.Lists).TryGet(out var lists, out var refusal))
            return refusal;

        var backtest = new BacktestOptions
        {
            AsOf = options.AsOf,
            Lists = lists,
            From = options.From,
            To = options.To,
            LabelDelay = options.LabelDelay,
            AmountFact = options.AmountFact,
            Economics = options.Economics,
        };
        return PolicyBacktest.Run(compiled, () => ReadAll(directory), backtest, progress, cancellationToken)
            .Then<BacktestReport>(report => report with { JournalFault = fault?.ToString() });
    }

    private static IEnumerable<JournalItem> ReadAll(IStorageDirectory directory)
    {
        using var reader = new JournalReader(directory);
        foreach (var item in reader.ReadAll())
            yield return item;
    }
}
