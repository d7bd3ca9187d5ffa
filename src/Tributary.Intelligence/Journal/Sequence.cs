namespace Tributary.Intelligence.Journal;

/// <summary>The number of a record in a journal, from 1, without gaps.</summary>
public readonly record struct Sequence(ulong Value)
{
    public override string ToString() => Value.ToString();
}
