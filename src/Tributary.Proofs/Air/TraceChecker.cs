using Tributary.Proofs.Fields;
using Tributary.Proofs.Memory;
using Tributary.Proofs.Stark;

namespace Tributary.Proofs.Air;

/// <summary>
/// Checks a witness directly, row by row and message by message: for those who write tables, and as the definition that proofs are tested against.
/// </summary>
public static class TraceChecker
{
    /// <summary>Every constraint that fails on a row and every message that does not balance.</summary>
    public static IReadOnlyList<TraceFault> Find(Machine machine, Statement statement, IReadOnlyList<ColumnMatrix> traces)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(traces);
        var report = new RowReport();
        for (var table = 0; table < machine.Tables.Count; table++)
        {
            var air = machine.Tables[table].Air;
            report.Table = air.Name;
            using var preprocessed = air.BuildPreprocessed();
            KoalaBear[] publics = [.. statement.PublicValues[table]];
            for (var row = 0; row < traces[table].Height; row++)
            {
                var builder = new RowBuilder(traces[table], preprocessed, publics, row, report);
                air.Evaluate<RowBuilder, KoalaBear>(ref builder);
            }
        }

        foreach (var message in statement.Messages)
            report.Message(message.Bus, message.IsSend ? KoalaBear.One : -KoalaBear.One, [.. message.Elements]);
        report.CloseBuses();
        return report.Faults;
    }
}
