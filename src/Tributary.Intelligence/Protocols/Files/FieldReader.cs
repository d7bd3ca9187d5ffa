using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Tributary.Intelligence.Features;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Files;

/// <summary>Reads the fields of one record as numbers; the first that does not read is the fault, and those after it read as 0.</summary>
internal ref struct FieldReader(CsvRecords records, ReadOnlySpan<string> columns, ReadOnlySpan<int> places)
{
    private const int MaxTextBytes = 200;

    private readonly ReadOnlySpan<string> _columns = columns;
    private readonly ReadOnlySpan<int> _places = places;

    /// <summary>What is wrong with the record, or null.</summary>
    public Refusal? Fault { get; private set; }

    /// <summary>The bytes of a field.</summary>
    public readonly ReadOnlySpan<byte> Bytes(int column) => records[_places[column]];

    /// <summary>A whole number between two bounds.</summary>
    public long Int64(int column, long least, long most)
    {
        if (long.TryParse(Bytes(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        return Fail(column, $"is not a whole number from {least} to {most}");
    }

    /// <summary>A name of at most 200 bytes of UTF-8 that is not empty.</summary>
    public ReadOnlySpan<byte> Text(int column)
    {
        var bytes = Bytes(column);
        if (bytes.Length is > 0 and <= MaxTextBytes && Utf8.IsValid(bytes))
            return bytes;
        Fail(column, $"is not a name of 1 to {MaxTextBytes} bytes of UTF-8");
        return default;
    }

    /// <summary>A number between two bounds.</summary>
    public double Double(int column, double least, double most)
    {
        var value = Double(column);
        return value >= least && value <= most ? value : Fail(column, $"is not from {least} to {most}");
    }

    /// <summary>A finite number.</summary>
    public double Double(int column)
    {
        if (double.TryParse(Bytes(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            return value;
        return Fail(column, "is not a finite number");
    }

    /// <summary>An amount in minor units.</summary>
    public long Amount(int column, int decimals)
    {
        if (!double.TryParse(Bytes(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return Fail(column, "is not a number");
        return PaymentEvent.ToMinorUnits(value, decimals).TryGet(out var minor, out var refusal) ? minor : Fail(column, refusal.Reason);
    }

    /// <summary>A time of the form "2018-04-01 00:00:31" in UTC, in Unix milliseconds.</summary>
    public long TimeMs(int column)
    {
        Span<char> text = stackalloc char[19];
        if (Bytes(column).Length == text.Length && Encoding.ASCII.TryGetChars(Bytes(column), text, out _)
            && DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time >= DateTime.UnixEpoch)
        {
            return (long)(time - DateTime.UnixEpoch).TotalMilliseconds;
        }

        return Fail(column, "is not a time such as 2018-04-01 00:00:31");
    }

    private long Fail(int column, string reason)
    {
        var text = Encoding.UTF8.GetString(Bytes(column)[..Math.Min(40, Bytes(column).Length)]);
        Fault ??= new Refusal($"line {records.Line}", $"{_columns[column]} '{text}' {reason}");
        return 0;
    }
}
