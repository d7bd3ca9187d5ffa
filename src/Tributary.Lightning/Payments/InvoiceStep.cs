namespace Tributary.Lightning.Payments;

/// <summary>What came of an input: records, already applied in memory, that must be durable before the effects are carried out.</summary>
public sealed class InvoiceStep
{
    private readonly List<InvoiceRecord> _records = [];
    private readonly List<InvoiceEffect> _effects = [];

    public IReadOnlyList<InvoiceRecord> Records => _records;

    public IReadOnlyList<InvoiceEffect> Effects => _effects;

    internal void Add(InvoiceRecord record) => _records.Add(record);

    internal void Add(InvoiceEffect effect) => _effects.Add(effect);
}
