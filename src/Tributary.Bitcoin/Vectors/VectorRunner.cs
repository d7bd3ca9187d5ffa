using System.Text.Json;
using System.Text.Unicode;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Vectors;

/// <summary>
/// Runs files in the formats of Bitcoin Core's test data against this implementation, with the meaning that Bitcoin Core's own tests give
/// each row: also that a valid spend stays valid with fewer rules and an invalid one stays invalid with more.
/// </summary>
public static class VectorRunner
{
    /// <summary>Runs a file.</summary>
    /// <param name="json">The file: an array of rows; a row of one string is a comment.</param>
    /// <param name="name">Its name, which may tell <c>tx_valid</c> from <c>tx_invalid</c>.</param>
    /// <param name="format">The format, or null to find it.</param>
    public static Result<VectorReport, Refusal> Run(ReadOnlyMemory<byte> json, string name, VectorFormat? format = null)
    {
        if (!Utf8.IsValid(json.Span))
            return new Refusal("file", "is not UTF-8");

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            return new Refusal("file", $"is not JSON: {exception.Message}");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                return new Refusal("file", "is not an array of rows");
            var rows = document.RootElement.EnumerateArray().ToArray();
            if ((format ?? VectorFormatDetection.Detect(rows, name)) is not { } known)
                return new Refusal("format", "is none of script_tests, tx_valid, tx_invalid and sighash; name it");
            return Run(rows, known);
        }
    }

    private static VectorReport Run(JsonElement[] rows, VectorFormat format)
    {
        var passed = 0;
        var failures = new List<VectorOutcome>();
        var skips = new List<VectorOutcome>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (VectorRow.IsComment(rows[i]))
                continue;
            var verdict = RunRow(rows[i], format);
            if (verdict.IsPass)
                passed++;
            else
                (verdict.IsSkip ? skips : failures).Add(new VectorOutcome(i, verdict.Reason, rows[i].GetRawText()));
        }

        return new VectorReport(format, passed, failures, skips);
    }

    private static VectorVerdict RunRow(JsonElement element, VectorFormat format)
    {
        try
        {
            var row = new VectorRow(element);
            return format switch
            {
                VectorFormat.ScriptTests => ScriptVectors.Run(row),
                VectorFormat.ValidTransactions => TransactionVectors.RunValid(row),
                VectorFormat.InvalidTransactions => TransactionVectors.RunInvalid(row),
                _ => SighashVectors.Run(row),
            };
        }
        catch (VectorFormatException exception)
        {
            return exception.IsSkip ? VectorVerdict.Skip(exception.Message) : VectorVerdict.Fail($"bad row: {exception.Message}");
        }
    }
}
