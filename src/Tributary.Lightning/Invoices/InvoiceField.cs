namespace Tributary.Lightning.Invoices;

/// <summary>A tagged field as it stands in an invoice (BOLT 11): its type and its data in values of five bits.</summary>
public readonly record struct InvoiceField(byte Tag, ReadOnlyMemory<byte> Values)
{
    /// <summary>The most values that a field's length can count.</summary>
    public const int ValuesMax = 1023;
}
