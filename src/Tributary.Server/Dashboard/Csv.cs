namespace Tributary.Server.Dashboard;

/// <summary>Lines of tables for spreadsheets (RFC 4180).</summary>
internal static class Csv
{
    public static string Line(params IEnumerable<string> cells) => string.Join(',', cells.Select(Quote)) + "\r\n";

    // A cell that a spreadsheet would take for a formula is text, and stays that. A negative number is a number.
    private static string Quote(string cell)
    {
        if (cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !IsNumber(cell))
            cell = "'" + cell;
        return cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static bool IsNumber(string cell) => cell.Length > 1 && cell[0] == '-' && cell.Skip(1).All(static c => char.IsAsciiDigit(c) || c == '.');
}
