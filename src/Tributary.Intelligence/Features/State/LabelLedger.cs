namespace Tributary.Intelligence.Features.State;

/// <summary>The payments known as fraud, so that a label that arrives twice is counted once. At the bound the one reported the longest ago is forgotten.</summary>
internal sealed class LabelLedger(int maxLabels)
{
    private readonly Dictionary<ulong, long> _numbers = [];
    private readonly Queue<(ulong Payment, long Number)> _order = [];
    private long _next;

    /// <summary>Payments known as fraud.</summary>
    public int Count => _numbers.Count;

    /// <summary>The payments, those reported first in front.</summary>
    public IEnumerable<ulong> Payments => _order.Where(entry => _numbers.TryGetValue(entry.Payment, out var number) && number == entry.Number).Select(entry => entry.Payment);

    /// <summary>False when the outcome says what is known already.</summary>
    public bool TryApply(ulong payment, bool isFraud)
    {
        if (!isFraud)
            return _numbers.Remove(payment);
        if (!_numbers.TryAdd(payment, _next))
            return false;
        _order.Enqueue((payment, _next++));
        while (_numbers.Count > maxLabels || _order.Count > 2L * maxLabels)
        {
            var (oldest, number) = _order.Dequeue();
            if (_numbers.TryGetValue(oldest, out var current) && current == number)
                _numbers.Remove(oldest);
        }

        return true;
    }
}
