using System.Text.Json;

namespace Tributary.Bitcoin.Vectors;

/// <summary>Tells the formats apart by the shape of their rows; valid from invalid transactions by the words around them.</summary>
internal static class VectorFormatDetection
{
    internal static VectorFormat? Detect(JsonElement[] rows, string name)
    {
        foreach (var row in rows)
        {
            if (VectorRow.IsComment(row) || row.ValueKind != JsonValueKind.Array)
                continue;
            var length = row.GetArrayLength();
            if (length == 5 && row[0].ValueKind == JsonValueKind.String && row[2].ValueKind == JsonValueKind.Number)
                return VectorFormat.SignatureHashes;
            if (length >= 3 && row[0].ValueKind == JsonValueKind.Array && row[0].EnumerateArray().All(static input => input.ValueKind == JsonValueKind.Array))
                return DetectTransactions(rows, name);
            if (length >= 4)
                return VectorFormat.ScriptTests;
        }

        return null;
    }

    private static VectorFormat? DetectTransactions(JsonElement[] rows, string name)
    {
        // Only invalid transactions can break rules that no flag stands for.
        if (rows.Any(static row => row.ValueKind == JsonValueKind.Array && row.GetArrayLength() >= 3 && row[2].ValueKind == JsonValueKind.String && row[2].ValueEquals("BADTX")))
            return VectorFormat.InvalidTransactions;

        var comments = rows.Where(static row => VectorRow.IsComment(row) && row.GetArrayLength() == 1).Select(static row => VectorRow.TextOf(row[0]) ?? "");
        foreach (var text in comments.Take(1).Append(Path.GetFileName(name)))
        {
            if (text.Contains("invalid", StringComparison.OrdinalIgnoreCase))
                return VectorFormat.InvalidTransactions;
            if (text.Contains("valid", StringComparison.OrdinalIgnoreCase))
                return VectorFormat.ValidTransactions;
        }

        return null;
    }
}
