using System.Text;
using System.Text.Unicode;
using Tributary.Intelligence.Journal.Format;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>
/// Reads the body of an entry. A failed read returns a default and every later one fails too, so that a layout reads straight down and is
/// judged once at the end by <see cref="IsComplete"/>. Counts are bounded by the bytes present.
/// </summary>
internal ref struct EntryReader(ReadOnlySpan<byte> body)
{
    private SpanReader _reader = new(body);
    private bool _failed;

    /// <summary>True when everything was read and nothing is left.</summary>
    public readonly bool IsComplete => !_failed && _reader.IsAtEnd;

    public byte Byte()
    {
        var taken = _reader.TryReadByte(out var value);
        return Keep(taken, value);
    }

    /// <summary>A byte that stands for a value of an enumeration from 0 to the greatest given.</summary>
    public int Choice(int greatest)
    {
        var value = Byte();
        return Keep(value <= greatest, value);
    }

    public bool Flag() => Choice(1) == 1;

    public ulong UInt64()
    {
        var taken = _reader.TryReadUInt64LittleEndian(out var value);
        return Keep(taken, value);
    }

    public long Int64()
    {
        var taken = _reader.TryReadInt64LittleEndian(out var value);
        return Keep(taken, value);
    }

    public int Int32()
    {
        var taken = _reader.TryReadInt32LittleEndian(out var value);
        return Keep(taken, value);
    }

    public float Single()
    {
        var taken = _reader.TryReadUInt32LittleEndian(out var value);
        return BitConverter.UInt32BitsToSingle(Keep(taken, value));
    }

    public double Double() => BitConverter.UInt64BitsToDouble(UInt64());

    public Bytes32 Hash()
    {
        var taken = _reader.TryReadBytes32(out var value);
        return Keep(taken, value);
    }

    public DecisionId DecisionId()
    {
        var low = UInt64();
        return new DecisionId(new UInt128(UInt64(), low));
    }

    /// <summary>Microseconds since 1970; outside of the years 1 to 9999 it fails.</summary>
    public DateTimeOffset Time()
    {
        var microseconds = Int64();
        var ticks = (Int128)microseconds * TimeSpan.TicksPerMicrosecond + DateTimeOffset.UnixEpoch.Ticks;
        var fits = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
        return Keep(fits, fits) ? new DateTimeOffset((long)ticks, TimeSpan.Zero) : default;
    }

    public int Count(int leastElementBytes, int most)
    {
        var taken = _reader.TryReadCount(leastElementBytes, out var value);
        return Keep(taken && value <= most, value);
    }

    public string Text(int mostBytes = JournalLimits.MaxTextBytes)
    {
        var taken = _reader.TryReadCompactSizeBytes(out var bytes);
        var sound = taken && bytes.Length <= mostBytes && Utf8.IsValid(bytes);
        return Keep(sound, sound) ? Encoding.UTF8.GetString(bytes) : "";
    }

    public string? OptionalText(int mostBytes = JournalLimits.MaxTextBytes) => Flag() ? Text(mostBytes) : null;

    /// <summary>Marks what was read as wrong.</summary>
    public T Fail<T>() => Keep(succeeded: false, default(T)!);

    private T Keep<T>(bool succeeded, T value)
    {
        _failed |= !succeeded;
        return _failed ? default! : value;
    }
}
