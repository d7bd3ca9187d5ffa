using System.Globalization;

namespace Tributary.Storage.Logs;

/// <summary>The number of a batch in its log: the first is 1, each next one more. 0 is before all.</summary>
public readonly record struct LogSequence(ulong Value) : IComparable<LogSequence>
{
    public int CompareTo(LogSequence other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(LogSequence left, LogSequence right) => left.Value < right.Value;

    public static bool operator >(LogSequence left, LogSequence right) => left.Value > right.Value;

    public static bool operator <=(LogSequence left, LogSequence right) => left.Value <= right.Value;

    public static bool operator >=(LogSequence left, LogSequence right) => left.Value >= right.Value;
}
