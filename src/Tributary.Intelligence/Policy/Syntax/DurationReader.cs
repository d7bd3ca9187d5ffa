using System.Globalization;

namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Reads "20 ms", "1h", "7 days".</summary>
internal static class DurationReader
{
    private const double MaxDays = 3_650;

    /// <summary>The duration at the cursor, or null after an error.</summary>
    public static TimeSpan? Read(TokenCursor cursor, DiagnosticBag diagnostics)
    {
        var number = cursor.Current;
        if (number.Kind != TokenKind.Number)
        {
            diagnostics.Error(number.Span, $"A duration is expected, not {cursor.Describe()}.", "Write a number and a unit, such as 20 ms, 1h or 7 days.");
            return null;
        }

        cursor.Take();
        if (cursor.Current.Kind != TokenKind.Word || !Keywords.SecondsOfUnit.TryGetValue(cursor.Current.Value, out var seconds))
        {
            diagnostics.Error(cursor.Current.Span, $"A unit of time is expected, not {cursor.Describe()}.", "Units are ms, s, min (or m), h and d.");
            return null;
        }

        cursor.Take();
        var total = double.Parse(number.Value, CultureInfo.InvariantCulture) * seconds;
        if (total > 0 && total <= MaxDays * 86_400)
            return TimeSpan.FromSeconds(total);
        diagnostics.Error(number.Span, "The duration is out of range.", "It lies above zero and below ten years.");
        return null;
    }
}
