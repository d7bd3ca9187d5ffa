namespace Tributary.Lightning.Payments;

/// <summary>What came of an input: records, already applied in memory, that must be durable before the effects are carried out.</summary>
public sealed class PaymentStep
{
    private readonly List<PaymentRecord> _records = [];
    private readonly List<PaymentEffect> _effects = [];

    public IReadOnlyList<PaymentRecord> Records => _records;

    public IReadOnlyList<PaymentEffect> Effects => _effects;

    internal void Add(PaymentRecord record) => _records.Add(record);

    internal void Add(PaymentEffect effect) => _effects.Add(effect);
}
